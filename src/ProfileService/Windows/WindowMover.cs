using ProfileService.Intake;

namespace ProfileService.Windows;

/// <summary>
/// Moves what lies under an alias into the person's window. The events are appended first, which may be repeated, for a window is a
/// function of the set of its events. The window of the alias goes only if nothing came to it meanwhile. So the two may lie in different
/// slots, and whoever dies between the two steps leaves nothing that another could not finish.
/// </summary>
internal sealed class WindowMover(IAliasWindows aliases, IWindowStore windows, IDueQueue queue, IWindowEraser eraser)
{
    /// <summary>Returns the number of events that the person's window took.</summary>
    /// <exception cref="UnreadableWindowException">One of the windows was altered or cut; nothing is lost then.</exception>
    public async Task<int> MoveAsync(string alias, string person, CancellationToken cancellationToken)
    {
        for (var moved = 0; ;)
        {
            // Before the window: an erasure between the two is noticed.
            var (mark, own) = (await eraser.FindMarkAsync(person, cancellationToken), await eraser.FindMarkAsync(alias, cancellationToken));
            if (await aliases.FindAsync(alias, cancellationToken) is not { } found)
                return moved;
            moved += await CopyAsync(found.Stored, person, cancellationToken);
            if (found.Seen is { } seen && IsAfter(mark, own) && !await aliases.AddSeenAsync(person, seen, mark, cancellationToken))
                continue;
            if (await aliases.DropAsync(alias, found, cancellationToken))
                return moved;
        }
    }

    /// <summary>
    /// Whether all that the alias met is of after the erasure of the person. A filter has no times, so that nothing can be left out of it:
    /// where this is false, the person's gets the items of the events alone that the append takes.
    /// </summary>
    private static bool IsAfter(ErasureMark? mark, ErasureMark? own) => mark is null || own?.ErasedBefore >= mark.Value.ErasedBefore;

    private async Task<int> CopyAsync(StoredWindow stored, string person, CancellationToken cancellationToken)
    {
        var events = stored.Window.Events;
        if (events.Count == 0)
            await windows.TouchAsync([person], cancellationToken); // so that there is a window to raise the revision of
        var verdicts = await windows.AppendAsync([.. events.Select(e => e with { UserId = person })], cancellationToken);
        if (verdicts.Contains(Verdict.Unreadable))
            throw new UnreadableWindowException();
        // Lookups of the alias were answered with its revisions. An ETag of theirs must not name the person's profile.
        await queue.RaiseRevisionsAsync([(person, stored.Revision + 1)], cancellationToken);
        return verdicts.Count(v => v == Verdict.Accepted);
    }
}
