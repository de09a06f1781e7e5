using ProfileService.Hosting;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>Takes parsed events into the windows, counts what became of them and wakes the refresh.</summary>
internal sealed class EventIngest(IWindowStore windows, RefreshSignal refresh, ProfileMetrics metrics)
{
    public async Task AppendAsync(IReadOnlyList<UserEvent> events, IngestSummary summary, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return;
        var verdicts = await windows.AppendAsync(events, cancellationToken);
        foreach (var group in verdicts.CountBy(v => v))
            metrics.CountEvents(group.Key, group.Value);
        foreach (var verdict in verdicts)
            summary.Count(verdict);
        refresh.Raise();
    }
}
