using Microsoft.Extensions.Options;
using ProfileService.Items;
using ProfileService.Platform;
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
    private const string Stays = "the last ones stay";
    private const string IsWithheld = "none are answered, because the last ones have a greater epsilon than Aggregates:Epsilon";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1);

    private bool _hadData;
    private bool _wasBudgetSpent;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Value.Every > TimeSpan.Zero
        ? RepeatedWork.RunAsync(ReleaseAsync, PollInterval, time, LogFailed, stoppingToken)
        : Task.CompletedTask;

    private async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (await IsReadyAsync(cancellationToken))
            await NoteAsync(await maker.MakeAsync(cancellationToken), cancellationToken);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        if ((await store.FindLastAsync(cancellationToken)).Last is not null)
            return true;
        var hadData = _hadData;
        _hadData = catalogue.Count > 0 && !await windows.IsEmptyAsync(cancellationToken);
        return hadData && _hadData;
    }

    private async Task NoteAsync(ReleaseOutcome outcome, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (outcome == ReleaseOutcome.Made)
            LogMade(settings.Epsilon);
        else if (outcome == ReleaseOutcome.BudgetIsSpent && !_wasBudgetSpent)
        {
            var (last, spent) = await store.FindLastAsync(cancellationToken);
            var isAnswered = last is not null && settings.Allow(last.EpsilonThousandths);
            var next = await store.FindRoomAsync(spent, cancellationToken);
            LogSpent(settings.Budget, settings.BudgetPeriod, next, isAnswered ? Stays : IsWithheld);
        }

        _wasBudgetSpent = outcome == ReleaseOutcome.BudgetIsSpent;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Aggregates were released, at an epsilon of {Epsilon}")]
    private partial void LogMade(double epsilon);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "No aggregates are released: an epsilon of {Budget} within {Period} is spent (Aggregates:Budget), "
            + "which has room for the next at {Next}. Until then {Meanwhile}")]
    private partial void LogSpent(double budget, TimeSpan period, DateTime? next, string meanwhile);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not release aggregates; retrying every minute")]
    private partial void LogFailed(Exception exception);
}
