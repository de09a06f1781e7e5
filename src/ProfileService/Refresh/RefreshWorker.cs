using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>
/// Decides when users are refreshed: at once after an event, and once a second for leases that have ended. Several equal loops each take a
/// batch through all steps, so that the model runs for one while another waits for the stores. One loop at a time waits for users and
/// claims them. It claims only the batch that it computes next, so that a burst waits in the store, not in memory.
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
    private int _working; // number of loops with claimed users
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
        // A run of the model blocks its thread, which endpoints and stores cannot use meanwhile.
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

    /// <summary>Waits for its turn, then for users. Passes the turn on, and refreshes a batch of users.</summary>
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
            if (Volatile.Read(ref _working) > 0) // otherwise the first user need not wait for more
                await Task.Delay(options.Value.MaxWait, time, stoppingToken);
        }
    }

    /// <summary>Whether the users that failed are refreshed. While some are due or claimed, a retry may be running or may follow.</summary>
    private bool IsNothingLeft => Volatile.Read(ref _working) == 0 && queue.KnownDue == 0;

    private void CountDue()
    {
        if (_counted != 0 && time.GetElapsedTime(_counted) < Idle)
            return;
        metrics.SetDue(queue.KnownDue);
        _counted = time.GetTimestamp();
    }

    /// <summary>Keeps the turn during the pause, so that no loop claims users.</summary>
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

    [LoggerMessage(Level = LogLevel.Error, Message = "Refreshing failed {Failures} times in a row; retrying in {Pause}")]
    private partial void LogFailed(Exception exception, int failures, TimeSpan pause);
}
