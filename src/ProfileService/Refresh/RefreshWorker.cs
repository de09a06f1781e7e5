using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>
/// When users are refreshed: at once when an event came, and once a second for leases that ran out. A few equal loops take batches through all
/// steps, so that one loop's inference fills the time that another's stores take. They take turns at the claim: one loop waits for users while the
/// others work or sleep, and it claims only what it computes next, so that a burst waits in the store, not in memory.
/// </summary>
internal sealed partial class RefreshWorker(
    ProfileRefresher refresher,
    RefreshHealth health,
    IDueQueue queue,
    ProfileMetrics metrics,
    IOptions<RefreshOptions> options,
    TimeProvider time,
    ILogger<RefreshWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1); // to wait for users and to claim them
    private int _working; // loops that have users in hand
    private long _counted; // timestamp when the due users were last counted

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loops = options.Value.Loops;
        ThreadPool.GetMinThreads(out var threads, out var completions);
        // A run of the model keeps its thread from endpoints and stores.
        ThreadPool.SetMinThreads(Math.Max(threads, Environment.ProcessorCount + loops), completions);
        await Task.WhenAll(Enumerable.Range(0, loops).Select(_ => Task.Run(() => LoopAsync(stoppingToken), CancellationToken.None)));
    }

    private async Task LoopAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RefreshNextAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                await PauseAsync(e, stoppingToken);
            }
        }
    }

    /// <summary>Waits for the turn, then for users, and refreshes a batch of them while the next loop has the turn.</summary>
    private async Task RefreshNextAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<Claim> claims;
        await _turn.WaitAsync(stoppingToken);
        try
        {
            claims = await ClaimNextAsync(stoppingToken);
            Interlocked.Increment(ref _working);
        }
        finally
        {
            _turn.Release();
        }

        try
        {
            await refresher.RefreshAsync(claims);
            health.Succeeded();
        }
        finally
        {
            Interlocked.Decrement(ref _working);
        }
    }

    private async Task<IReadOnlyList<Claim>> ClaimNextAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            CountDue();
            if (await refresher.ClaimDueAsync(stoppingToken) is { Count: > 0 } claims)
                return claims;
            if (health.IsFailing && IsNothingLeft)
                health.Succeeded();
            await queue.WaitForDueAsync(Idle, stoppingToken);
            if (Volatile.Read(ref _working) > 0) // else who came first need not wait for company
                await Task.Delay(options.Value.MaxWait, time, stoppingToken);
        }
    }

    /// <summary>Whether what failed is done: else it may be tried again now, or its partition be avoided for a while.</summary>
    private bool IsNothingLeft => Volatile.Read(ref _working) == 0 && queue.KnownDue == 0;

    private void CountDue()
    {
        if (_counted != 0 && time.GetElapsedTime(_counted) < Idle)
            return;
        metrics.SetDue(queue.KnownDue);
        _counted = time.GetTimestamp();
    }

    /// <summary>Backs off with the turn in hand, so that nobody claims meanwhile.</summary>
    private async Task PauseAsync(Exception failure, CancellationToken stoppingToken)
    {
        var failures = health.Failed(failure);
        var pause = Pause(failures);
        LogFailed(failure, failures, pause);
        try
        {
            await _turn.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _turn.Release();
    }

    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, .1 * Math.Pow(2, Math.Min(failures, 10) - 1)));

    [LoggerMessage(Level = LogLevel.Error, Message = "Refreshing failed {Failures} times in a row; tried again in {Pause}")]
    private partial void LogFailed(Exception exception, int failures, TimeSpan pause);
}
