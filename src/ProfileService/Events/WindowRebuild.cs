using ProfileService.Intake;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>
/// Puts every archived event into its window again. A window is a function of the set of its events, so that it comes out as it was,
/// also where the service takes in events meanwhile, and doing it again changes nothing.
/// </summary>
internal sealed class WindowRebuild(EventArchive archive, IWindowStore windows)
{
    private const int BatchSize = 1_000;

    /// <param name="progress">Told the number of events read so far.</param>
    /// <returns>Events by verdict.</returns>
    public async Task<IReadOnlyDictionary<Verdict, long>> RunAsync(IProgress<long> progress, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<Verdict, long>();
        await foreach (var batch in archive.ReadAsync(cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            foreach (var (verdict, count) in (await windows.AppendAsync(batch, cancellationToken)).CountBy(v => v))
                counts[verdict] = counts.GetValueOrDefault(verdict) + count;
            progress.Report(counts.Values.Sum());
        }

        return counts;
    }

    /// <summary>Restores the windows of some users, also where what lies there cannot be read; then it is replaced.</summary>
    public async Task<IReadOnlyList<RebuiltUser>> RunAsync(IReadOnlyCollection<string> userIds, CancellationToken cancellationToken)
    {
        var events = userIds.Distinct().ToDictionary(id => id, _ => new List<WindowEvent>());
        await foreach (var e in archive.ReadAsync(events.Keys, cancellationToken))
            events[e.UserId].Add(e);
        var rebuilt = new List<RebuiltUser>(events.Count);
        foreach (var (userId, ofUser) in events)
            rebuilt.Add(new RebuiltUser(userId, ofUser.Count, ofUser.Count > 0 && await windows.MendAsync(userId, ofUser, cancellationToken)));
        return rebuilt;
    }
}

/// <summary>A user whose window was rebuilt.</summary>
/// <param name="Events">Of the user in the archive; where there are none, its window was left as it is.</param>
/// <param name="WasUnreadable">Whether what lay there could not be read, and was replaced.</param>
internal readonly record struct RebuiltUser(string UserId, int Events, bool WasUnreadable);
