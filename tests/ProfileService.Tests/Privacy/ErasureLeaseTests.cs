using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Privacy;
using ProfileService.Storage;

namespace ProfileService.Tests.Privacy;

/// <summary>Whose an erasure is while it lasts.</summary>
public sealed class ErasureLeaseTests : IDisposable
{
    private readonly TestService _service = TestService.Without([typeof(ErasureWorker)]);
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDbContextFactory<ProfileDbContext> Contexts => _service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task ErasureThatTakesLongIsNotBegunAgainMeanwhile()
    {
        var signal = new ErasureSignal(_time);
        var (erasures, slow) = (new Erasures(Contexts, signal, _time), new Slow(Contexts));
        var receipt = (await erasures.RequestAsync(["ada"], Token)).Receipt;
        using var worker = new ErasureWorker(
            erasures,
            ActivatorUtilities.CreateInstance<UserEraser>(_service.Services, erasures, new RecordEraser(slow)),
            signal,
            NullLogger<ErasureWorker>.Instance);
        await worker.StartAsync(Token);
        await slow.Began;
        var leases = new HashSet<DateTime>();
        await Eventually.IsTrueAsync(async () =>
        {
            Assert.Empty(await erasures.ClaimAsync(Token));
            leases.Add(await LeaseAsync());
            _time.Advance(TimeSpan.FromSeconds(2));
            return leases.Count == 6; // more than a minute
        });
        slow.End();
        await Eventually.IsTrueAsync(async () => (await erasures.FindAsync(receipt, Token))!.GoneAt is not null);
        await worker.StopAsync(Token);
    }

    /// <summary>As of a process that died.</summary>
    [Fact]
    public async Task ErasureThatNobodyWorksOnAnyMoreIsClaimedAgain()
    {
        var signal = new ErasureSignal(_time);
        var erasures = new Erasures(Contexts, signal, _time);
        await erasures.RequestAsync(["ada"], Token);
        Assert.Single(await erasures.ClaimAsync(Token));
        Assert.Empty(await erasures.ClaimAsync(Token));
        _time.Advance(TimeSpan.FromSeconds(61)); // a lease ends in some microsecond of the second in which its minute ends
        Assert.Single(await erasures.ClaimAsync(Token));
    }

    private async Task<DateTime> LeaseAsync()
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        return await db.PendingErasures.Select(p => p.LeasedUntil).SingleAsync(Token);
    }

    /// <summary>Gives no context until it is told to.</summary>
    private sealed class Slow(IDbContextFactory<ProfileDbContext> contexts) : IDbContextFactory<ProfileDbContext>
    {
        private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Began => _began.Task;

        public void End() => _ended.SetResult();

        public ProfileDbContext CreateDbContext() => contexts.CreateDbContext();

        public async Task<ProfileDbContext> CreateDbContextAsync(CancellationToken cancellationToken)
        {
            _began.TrySetResult();
            await _ended.Task;
            return await contexts.CreateDbContextAsync(cancellationToken);
        }
    }
}
