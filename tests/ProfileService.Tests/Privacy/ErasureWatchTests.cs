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
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>By the database's clock: this process's is a year ahead, and the other one's was what it liked.</summary>
    [Fact]
    public async Task ErasureWaitsForAProcessUntilItsRecordIsTooOld()
    {
        using var service = TestService.Without(
            [typeof(ErasureWatchWorker)],
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()));
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddYears(1));
        using var watch = ActivatorUtilities.CreateInstance<ErasureWatch>(service.Services, time, true);
        await using var db = await service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        await db.ErasureWatchers.ExecuteDeleteAsync(Token);
        await ErasureWatch.RecordAsync(db, "other", 0, Token);
        await db.Database.ExecuteSqlAsync($"UPDATE erasure_watchers SET seen_at = seen_at + {TimeSpan.FromHours(1)}", Token); // seen until then
        var waiting = watch.ForgetEverywhereAsync([], 1, Token);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(waiting.IsCompleted);
        });
        await Assert.ThrowsAsync<NotGoneException>(() => waiting);

        await db.Database.ExecuteSqlAsync($"UPDATE erasure_watchers SET seen_at = seen_at - {TimeSpan.FromHours(2)}", Token);
        Assert.Equal(0, await watch.ForgetEverywhereAsync([], 1, Token));
    }
}
