using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>
/// Erases whoever is to be erased: straight after the request, and what another process left undone within a few seconds. An erasure that
/// fails waits in the database and is tried again.
/// </summary>
internal sealed partial class ErasureWorker(
    Erasures erasures, UserEraser eraser, ErasureSignal signal, ILogger<ErasureWorker> logger) : BackgroundService
{
    private const int Loops = 4;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1); // after a failure

    private volatile bool _isAway; // logged until the database answers

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Loops).Select(loop => Task.Run(() => LoopAsync(loop, stoppingToken), CancellationToken.None)));

    private async Task LoopAsync(int loop, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var isAny = false;
            try
            {
                isAny = await EraseNextAsync(stoppingToken);
                _isAway = false;
            }
            catch (Exception e)
            {
                if (!_isAway && !stoppingToken.IsCancellationRequested)
                    LogAway(e);
                _isAway = true;
            }

            if (!isAny)
            {
                var wait = signal.WaitAsync(PollInterval + (loop * PollInterval), stoppingToken);
                await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> EraseNextAsync(CancellationToken stoppingToken)
    {
        if (await erasures.ClaimAsync(stoppingToken) is not [var first, ..] pending)
        {
            await eraser.FinishAsync(stoppingToken);
            return false;
        }

        signal.Raise(); // another loop may find more
        var lease = erasures.LeaseOf(first);
        try
        {
            await EraseAsync(pending, lease, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            if (IsExpected(e))
                LogWaiting(first.Receipt, StoreFailure.CauseOf(e).Message, Pause);
            else
                LogFailed(e, first.Receipt, Pause);
            await lease.ReleaseAsync(ReasonOf(e), Pause);
        }

        return true;
    }

    private async Task EraseAsync(IReadOnlyList<PendingErasure> pending, ErasureLease lease, CancellationToken stoppingToken)
    {
        using var working = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var receipt = pending[0].Receipt;
        var keeping = lease.KeepAsync(e => LogNotRenewed(e, receipt), () => LogLost(receipt), working.Token);
        try
        {
            await eraser.EraseAsync(pending, stoppingToken);
        }
        finally
        {
            await working.CancelAsync();
            await keeping; // before the erasure is released: a renewal must not come after it
        }
    }

    private static bool IsExpected(Exception e) => e is NotGoneException || StoreFailure.Is(e);

    private static string ReasonOf(Exception e) => e switch
    {
        NotGoneException => e.Message,
        _ when StoreFailure.IsOfRedis(e) => "Redis does not answer",
        IOException => e.Message,
        _ when StoreFailure.Is(e) => "the database does not answer",
        _ => $"the erasure failed ({e.GetType().Name}); the log has the reason",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Erasure {Receipt} has not ended; retrying in {Pause}: {Reason}")]
    private partial void LogWaiting(string receipt, string reason, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "Erasure {Receipt} failed; retrying in {Pause}")]
    private partial void LogFailed(Exception exception, string receipt, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot renew the lease of erasure {Receipt}; retrying until it has ended")]
    private partial void LogNotRenewed(Exception exception, string receipt);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The lease of erasure {Receipt} ended before it was renewed; another worker erases the same users")]
    private partial void LogLost(string receipt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot look up erasures; retrying every few seconds")]
    private partial void LogAway(Exception exception);
}
