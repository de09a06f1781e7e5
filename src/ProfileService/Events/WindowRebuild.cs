using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Sentiment;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>
/// Rebuilds windows, all or those of some users, from the events in the archive. A window is a function of the set of its events; therefore
/// the rebuilt window equals the lost one, even if new events arrive meanwhile, and another rebuild changes nothing. Texts that went
/// out of windows do not come back from the archive. Events of windows that were dropped come back only if the user is named, or came back
/// while they were within <see cref="WindowOptions.MaxAge"/>. Events of aliases go to the windows of their persons.
/// </summary>
internal sealed class WindowRebuild(
    EventArchive archive, IWindowStore windows, UserAliases aliases, OldTexts texts, IOptions<WindowOptions> options, TimeProvider time)
{
    private const int BatchSize = 1_000;

    /// <summary>Windows of persons of whom nothing came since then were dropped.</summary>
    private DateTime IdleSince => time.GetUtcNow().UtcDateTime - options.Value.IdleTtl;

    /// <summary>The number of events that a rebuild of all windows appends.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => archive.CountAsync(IdleSince, cancellationToken);

    /// <summary>Appends the archived events of all windows again.</summary>
    /// <param name="progress">Receives the number of events read so far.</param>
    /// <returns>Number of events by verdict.</returns>
    public async Task<IReadOnlyDictionary<Verdict, long>> RebuildAllAsync(IProgress<long> progress, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<Verdict, long>();
        await foreach (var batch in archive.ReadAsync(IdleSince, cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            foreach (var (verdict, count) in (await windows.AppendAsync(WithoutOldTexts(batch), cancellationToken)).CountBy(v => v))
                counts[verdict] = counts.GetValueOrDefault(verdict) + count;
            progress.Report(counts.Values.Sum());
        }

        return counts;
    }

    /// <summary>Rebuilds the windows of some users. Replaces a stored window that cannot be read.</summary>
    public async Task<IReadOnlyList<RebuiltUser>> RebuildAsync(IReadOnlyCollection<string> userIds, CancellationToken cancellationToken)
    {
        var events = userIds.Select(aliases.PersonOf).Distinct().ToDictionary(id => id, _ => new List<WindowEvent>());
        List<string> archived = [.. events.Keys, .. aliases.All.Where(a => events.ContainsKey(a.Value.PersonId)).Select(a => a.Key)];
        await foreach (var e in archive.ReadAsync(archived, cancellationToken))
            events[aliases.PersonOf(e.UserId)].Add(e);
        var rebuilt = new List<RebuiltUser>(events.Count);
        foreach (var (userId, ofUser) in events)
        {
            var wasUnreadable = ofUser.Count > 0 && await windows.MendAsync(userId, WithoutOldTexts(ofUser), cancellationToken);
            rebuilt.Add(new RebuiltUser(userId, ofUser.Count, wasUnreadable));
        }

        return rebuilt;
    }

    private IReadOnlyList<WindowEvent> WithoutOldTexts(IReadOnlyList<WindowEvent> events) => texts.Removal?.Apply(events) ?? events;
}

/// <summary>A user whose window was rebuilt.</summary>
/// <param name="Events">Number of the user's events in the archive. If it is 0, the window was not changed.</param>
/// <param name="WasUnreadable">Whether the stored window could not be read and was replaced.</param>
internal readonly record struct RebuiltUser(string UserId, int Events, bool WasUnreadable);
