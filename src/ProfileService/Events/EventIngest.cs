using ProfileService.Hosting;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>Takes parsed events into the windows, and counts what became of them.</summary>
internal sealed class EventIngest(IWindowStore windows, IngestLimits limits, ProfileMetrics metrics, UserChanges changes, EventArchive? archive = null)
{
    /// <exception cref="OverloadedException">Too many appends wait already.</exception>
    public async Task AppendAsync(IReadOnlyList<ParsedEvent> events, IngestSummary summary, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return;
        using var turn = await limits.TakeTurnAsync(cancellationToken);
        var taken = events.Select(e => e.Event).ToList();
        if (archive is not null)
            await archive.AppendAsync(taken, cancellationToken);
        var verdicts = await AppendAsync(taken, cancellationToken);

        foreach (var (e, verdict) in events.Zip(verdicts))
        {
            if (verdict == Verdict.Unreadable)
                summary.Reject(new EventProblem(e.Index, "window_unreadable", "userId", "The user's stored window cannot be read, so nothing can be added to it. The service's log names the user."));
            else
                summary.Count(verdict);
        }

        foreach (var group in verdicts.Where(v => v != Verdict.Unreadable).CountBy(v => v))
            metrics.CountEvents(group.Key, group.Value);
    }

    private async Task<IReadOnlyList<Verdict>> AppendAsync(List<UserEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await windows.AppendAsync(events, cancellationToken);
        }
        finally
        {
            foreach (var e in events) // also where it failed, for some may be in
                changes.Note(e.UserId);
        }
    }
}
