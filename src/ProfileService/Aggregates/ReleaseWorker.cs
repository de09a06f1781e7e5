using Microsoft.Extensions.Options;
using ProfileService.Items;
using ProfileService.Windows;

namespace ProfileService.Aggregates;

/// <summary>
/// Has a release made every Aggregates:Every. The first one waits until there were windows and a catalogue for a minute, so that it is
/// not of the beginning of an import.
/// </summary>
internal sealed partial class ReleaseWorker(
    ReleaseMaker maker,
    ReleaseStore store,
    IWindowStore windows,
    ItemCatalogue catalogue,
    IOptions<AggregateOptions> options,
    TimeProvider time,
    ILogger<ReleaseWorker> logger) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMinutes(1);

    private bool _hadData;
    private bool _wasBudgetSpent;
    private bool _isFailureLogged;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.Every > TimeSpan.Zero && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await IsReadyAsync(stoppingToken))
                    Note(await maker.MakeAsync(stoppingToken));
                _isFailureLogged = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!_isFailureLogged)
                    LogFailed(e);
                _isFailureLogged = true; // until an attempt succeeds
            }

            await Task.Delay(BetweenLooks, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        if ((await store.FindLastAsync(cancellationToken)).Last is not null)
            return true;
        var hadData = _hadData;
        _hadData = catalogue.Count > 0 && !await windows.IsEmptyAsync(cancellationToken);
        return hadData && _hadData;
    }

    private void Note(ReleaseOutcome outcome)
    {
        if (outcome == ReleaseOutcome.Made)
            LogMade(options.Value.Epsilon);
        else if (outcome == ReleaseOutcome.BudgetIsSpent && !_wasBudgetSpent)
            LogSpent(options.Value.Budget, options.Value.BudgetPeriod);
        _wasBudgetSpent = outcome == ReleaseOutcome.BudgetIsSpent;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Aggregates were released, at an epsilon of {Epsilon}")]
    private partial void LogMade(double epsilon);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "No aggregates are released: an epsilon of {Budget} within {Period} is spent (Aggregates:Budget). The last ones stay")]
    private partial void LogSpent(double budget, TimeSpan period);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Aggregates could not be released; tried again every minute")]
    private partial void LogFailed(Exception exception);
}
