using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Privacy;
using ProfileService.Storage;

namespace ProfileService.Tests.Privacy;

/// <summary>Which processes an erasure waits for.</summary>
[Needs(Need.Server)]
public sealed class ErasureWatchTests(TestServers servers)
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The clock of a process that died was a year ahead. No erasure would end in that year.</summary>
    [Fact]
    public async Task RecordThatIsAheadOfTheClockHoldsUpNoErasureOnceItIsNotRenewed()
    {
        using var service = TestService.Without(
            [typeof(ErasureWatchWorker)],
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()));
        using var watch = ActivatorUtilities.CreateInstance<ErasureWatch>(service.Services, _time, true);
        await using var db = await service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        await db.ErasureWatchers.ExecuteDeleteAsync(Token);
        await ErasureWatch.RecordAsync(db, "dead", 0, _time.GetUtcNow().UtcDateTime.AddYears(1), Token);
        await Assert.ThrowsAsync<NotGoneException>(() => PassAsync(watch.ForgetEverywhereAsync([], 1, Token)));
        _time.Advance(ErasureWatch.LongestSilence);
        Assert.Equal(0, await PassAsync(watch.ForgetEverywhereAsync([], 1, Token)));
    }

    private async Task<int> PassAsync(Task<int> waiting)
    {
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(waiting.IsCompleted);
        });
        return await waiting;
    }
}
