using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Privacy;
using ProfileService.Storage;

namespace ProfileService.Tests.Privacy;

/// <summary>Whose an erasure is while it lasts.</summary>
public sealed class ErasureLeaseTests : IDisposable
{
    private readonly TestService _service = TestService.Without([typeof(ErasureWorker)]);
    private readonly SteppedTime _time = new(TimeProvider.System.GetUtcNow());

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
            ActivatorUtilities.CreateInstance<UserEraser>(_service.Services, erasures, new DatabaseEraser(slow)),
            signal,
            NullLogger<ErasureWorker>.Instance);
        await worker.StartAsync(Token);
        await slow.Began;
        var leases = new HashSet<DateTime>();
        for (var renewals = 0; renewals < 6; renewals++) // more than a minute
        {
            await BeginsToWaitAsync(renewals + 1);
            Assert.Empty(await erasures.ClaimAsync(Token));
            leases.Add(await LeaseAsync());
            _time.Advance(ErasureLease.RenewalInterval);
        }

        Assert.Equal(6, leases.Count);
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

    [Theory]
    [InlineData(60, 1)]
    [InlineData(2, 0)] // somebody works on it
    public async Task LeaseThatEndsLaterThanAnyCanIsNobodys(int minutes, int claimed)
    {
        var erasures = new Erasures(Contexts, new ErasureSignal(_time), _time);
        await erasures.RequestAsync(["ada"], Token);
        await LeaseToAsync(_time.GetUtcNow().UtcDateTime.AddMinutes(minutes), "ada");
        Assert.Equal(claimed, (await erasures.ClaimAsync(Token)).Count);
    }

    [Fact]
    public async Task WhoLostTheLeaseSaysNothingInTheReceipt()
    {
        var claimed = await ClaimAsync("ada");
        await LeaseToAsync(ErasureLease.NewEnd(_time), "ada");
        await new ErasureLease(claimed, Contexts, _time).ReleaseAsync("a test", TimeSpan.Zero);
        await using var db = await Contexts.CreateDbContextAsync(Token);
        Assert.Null((await db.Erasures.SingleAsync(Token)).WaitingFor);
    }

    /// <summary>As where the connection breaks after the commit.</summary>
    [Fact]
    public async Task RenewalThatIsCommittedAndReportedAsFailedIsFollowedByOthers()
    {
        var claimed = await ClaimAsync("ada");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (failures, losses) = (0, 0);
        var lease = new ErasureLease(claimed, new Mute(_service.Services), _time);
        var keeping = lease.KeepAsync(_ => failures++, () => losses++, ended.Token);
        var leases = new HashSet<DateTime>();
        for (var renewals = 0; renewals < 4; renewals++)
        {
            await BeginsToWaitAsync(renewals + 1);
            leases.Add(await LeaseAsync());
            _time.Advance(ErasureLease.RenewalInterval);
        }

        await ended.CancelAsync();
        await keeping;
        Assert.Equal((4, 1, 0), (leases.Count, failures, losses));
    }

    [Fact]
    public async Task LeaseThatAnotherOneHasIsNeitherRenewedNorReleased()
    {
        var claimed = await ClaimAsync("ada", "bob");
        var theirs = ErasureLease.NewEnd(_time);
        await using var db = await Contexts.CreateDbContextAsync(Token);
        await LeaseToAsync(theirs, claimed.UserId);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var losses = 0;
        var lease = new ErasureLease(claimed, Contexts, _time);
        await lease.ReleaseAsync("a test", TimeSpan.Zero);
        Assert.Equal([theirs, _time.GetUtcNow().UtcDateTime], await db.PendingErasures.OrderBy(p => p.UserId).Select(p => p.LeasedUntil).ToListAsync(Token));

        var keeping = lease.KeepAsync(Assert.Null, () => losses++, ended.Token);
        for (var renewals = 0; renewals < 3; renewals++)
        {
            await BeginsToWaitAsync(renewals + 1);
            _time.Advance(ErasureLease.RenewalInterval);
        }

        await BeginsToWaitAsync(4);
        await ended.CancelAsync();
        await keeping;
        Assert.Equal(1, losses); // said once
    }

    [Fact]
    public async Task LeaseOfAnErasureThatHasEndedIsNotLost()
    {
        var claimed = await ClaimAsync("ada");
        await using (var db = await Contexts.CreateDbContextAsync(Token))
            await db.PendingErasures.ExecuteDeleteAsync(Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var losses = 0;
        var keeping = new ErasureLease(claimed, Contexts, _time).KeepAsync(Assert.Null, () => losses++, ended.Token);
        await BeginsToWaitAsync(1);
        _time.Advance(ErasureLease.RenewalInterval);
        await BeginsToWaitAsync(2);
        await ended.CancelAsync();
        await keeping;
        Assert.Equal(0, losses);
    }

    /// <summary>Returns when somebody waited for the next renewal so many times, and so when the renewal before is over.</summary>
    private Task BeginsToWaitAsync(int times) => _time.UntilWaitsAsync(ErasureLease.RenewalInterval, times);

    private async Task<PendingErasure> ClaimAsync(params string[] users)
    {
        var erasures = new Erasures(Contexts, new ErasureSignal(_time), _time);
        await erasures.RequestAsync(users, Token);
        return (await erasures.ClaimAsync(Token))[0];
    }

    private async Task LeaseToAsync(DateTime end, string user)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        await db.PendingErasures.Where(p => p.UserId == user)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.LeasedUntil, end), Token);
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

    /// <summary>Gives contexts whose first change is made, and reported as failed.</summary>
    private sealed class Mute(IServiceProvider services) : DbCommandInterceptor, IDbContextFactory<ProfileDbContext>
    {
        private int _changes;

        public ProfileDbContext CreateDbContext() => new SqliteProfileDbContext(
            new DbContextOptionsBuilder<SqliteProfileDbContext>(services.GetRequiredService<DbContextOptions<SqliteProfileDbContext>>())
                .AddInterceptors(this).Options);

        public override ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
            ++_changes == 1 ? throw new TimeoutException() : new(result);
    }
}
