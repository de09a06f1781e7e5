using Microsoft.Extensions.Options;
using ProfileService.Hosting;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Refresh;

/// <summary>
/// When users are refreshed: at once when an event came, and once a second for leases that ran out. It claims only what it
/// computes next, so that a burst waits in the store, not in memory.
/// </summary>
internal sealed partial class RefreshWorker(
    ProfileRefresher refresher,
    RefreshHealth health,
    IWindowStore windows,
    ProfileStore profiles,
    ModelSlot models,
    ProfileMetrics metrics,
    IOptions<RefreshOptions> options,
    TimeProvider time,
    ILogger<RefreshWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPauseOfMarks = TimeSpan.FromSeconds(5); // doubled at each try, for each goes over every user

    private bool _isModelServed;
    private long _triedToMark;
    private TimeSpan _beforeNextMark = FirstPauseOfMarks;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await TryMarkDueForNewModelAsync(stoppingToken);
                await RefreshAllAsync(stoppingToken);
                health.Succeeded();
                failures = 0;
                await windows.WaitForDueAsync(Idle, stoppingToken);
                await Task.Delay(options.Value.MaxWait, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                health.Failed(e);
                var pause = Pause(++failures);
                LogFailed(e, failures, pause);
                await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// A profile is of one model: where another serves than before, every user is due. Where some cannot be reached the others are
    /// refreshed meanwhile, and it is tried again.
    /// </summary>
    private async Task TryMarkDueForNewModelAsync(CancellationToken cancellationToken)
    {
        if (_isModelServed || (_triedToMark != 0 && time.GetElapsedTime(_triedToMark) < _beforeNextMark))
            return;
        (_triedToMark, _beforeNextMark) = (time.GetTimestamp(), 2 * _beforeNextMark);
        try
        {
            var model = models.Current.Manifest.Stamp;
            if (await profiles.FindServedModelAsync(cancellationToken) != model)
            {
                // First the model, so that replicas with another one stop computing; what they had in hand is due again then.
                await profiles.SetServedModelAsync(ServedModel.MarkingOf(model), cancellationToken);
                await windows.MarkAllDueAsync(cancellationToken);
                await profiles.SetServedModelAsync(model, cancellationToken);
            }

            _isModelServed = true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotMarked(e);
        }
    }

    private async Task RefreshAllAsync(CancellationToken stoppingToken)
    {
        var counted = 0L;
        do
        {
            if (counted == 0 || time.GetElapsedTime(counted) >= Idle)
            {
                metrics.SetDue(windows.KnownDue);
                counted = time.GetTimestamp();
            }
        }
        while (!stoppingToken.IsCancellationRequested && await refresher.RefreshDueAsync(stoppingToken) > 0);
    }

    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, .1 * Math.Pow(2, Math.Min(failures, 10) - 1)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not every user could be made due for a model that is new; tried again, less and less often")]
    private partial void LogNotMarked(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Refreshing failed {Failures} times in a row; tried again in {Pause}")]
    private partial void LogFailed(Exception exception, int failures, TimeSpan pause);
}
