using ProfileService.Hosting;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>Takes parsed events into the windows, and counts what became of them.</summary>
internal sealed class EventIngest(IWindowStore windows, IngestLimits limits, ProfileMetrics metrics, UserChanges changes, EventArchive? archive = null)
{
    /// <exception cref="OverloadedException">Too many appends wait already.</exception>
    public async Task AppendAsync(ParsedEvents parsed, IngestSummary summary, CancellationToken cancellationToken)
    {
        if (parsed.Count == 0)
            return;
        using var turn = await limits.TakeTurnAsync(cancellationToken);
        if (archive is not null)
            await archive.AppendAsync(parsed.Events, cancellationToken);
        Count(await AppendAsync(parsed.Events, cancellationToken), parsed, summary);
    }

    private void Count(IReadOnlyList<Verdict> verdicts, ParsedEvents parsed, IngestSummary summary)
    {
        Span<int> counts = stackalloc int[(int)Verdict.Unreadable];
        for (var i = 0; i < verdicts.Count; i++)
        {
            if (verdicts[i] == Verdict.Unreadable)
            {
                summary.Reject(new EventProblem(parsed.IndexOf(i), "window_unreadable", "userId", "The user's stored window cannot be read, so nothing can be added to it. The service's log names the user."));
                continue;
            }

            summary.Count(verdicts[i]);
            counts[(int)verdicts[i]]++;
        }

        for (var verdict = 0; verdict < counts.Length; verdict++)
            metrics.CountEvents((Verdict)verdict, counts[verdict]);
    }

    private async Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
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
