using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Privacy;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Tests.Privacy;

/// <summary>Which erasures are done after a rewrite of files.</summary>
public sealed class FileRewriteTests : IDisposable
{
    private readonly TestService _service = TestService.Without([typeof(FileRewriteWorker)]);
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDbContextFactory<ProfileDbContext> Contexts => _service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task ErasureThatEndsDuringTheRewriteWaitsForTheNextWhateverTheClocks()
    {
        await AddGoneAsync("before");
        using var worker = new FileRewriteWorker(
            _service.Services.GetRequiredService<Erasures>(),
            _service.Services.GetRequiredService<IWindowEraser>(),
            new DatabaseEraser(new Interrupted(Contexts, () => AddGoneAsync("meanwhile"))),
            _time,
            NullLogger<FileRewriteWorker>.Instance);
        await worker.StartAsync(Token);
        await Eventually.IsTrueAsync(async () => (await DoneAsync()).Contains("before"));
        await worker.StopAsync(Token);
        Assert.Equal(["before"], await DoneAsync());
    }

    /// <summary>By a process whose clock is behind.</summary>
    private async Task AddGoneAsync(string receipt)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        var before = _time.GetUtcNow().UtcDateTime.AddSeconds(-30);
        db.Erasures.Add(new Erasure { Receipt = receipt, RequestedAt = before, Users = 1, GoneAt = before });
        await db.SaveChangesAsync(Token);
    }

    private async Task<List<string>> DoneAsync()
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.Erasures.Where(e => e.DoneAt != null).Select(e => e.Receipt).ToListAsync(Token);
    }

    /// <summary>Does something before it gives a context.</summary>
    private sealed class Interrupted(IDbContextFactory<ProfileDbContext> contexts, Func<Task> act) : IDbContextFactory<ProfileDbContext>
    {
        public ProfileDbContext CreateDbContext() => contexts.CreateDbContext();

        public async Task<ProfileDbContext> CreateDbContextAsync(CancellationToken cancellationToken)
        {
            await act();
            return await contexts.CreateDbContextAsync(cancellationToken);
        }
    }
}
