using ProfileService.Intake;

namespace ProfileService.Windows;

/// <summary>
/// Moves what lies under an alias into the person's window. The events are appended first, which may be repeated, for a window is a
/// function of the set of its events. The window of the alias goes only if nothing came to it meanwhile. So the two may lie in different
/// slots, and whoever dies between the two steps leaves nothing that another could not finish.
/// </summary>
internal sealed class WindowMover(IAliasWindows aliases, IWindowStore windows, IDueQueue queue, IErasureMarks marks)
{
    /// <summary>Returns the number of events that the person's window took.</summary>
    /// <param name="find">
    /// Whose alias it is now, null if it is nobody's. What came under an id after its erasure must not go to the former person, and what
    /// was copied to one that has become an alias itself is to be copied to its person.
    /// </param>
    /// <exception cref="UnreadableWindowException">One of the windows was altered or cut; nothing is lost then.</exception>
    public async Task<int> MoveAsync(
        string alias, Func<CancellationToken, Task<UserAlias?>> find, CancellationToken cancellationToken)
    {
        var moved = 0;
        while (await find(cancellationToken) is { PersonId: var person } of)
        {
            // Before the window: an erasure between the two is noticed.
            var (mark, own) = (await marks.FindAsync(person, cancellationToken), await marks.FindAsync(alias, cancellationToken));
            if (await aliases.FindAsync(alias, cancellationToken) is not { } found)
                return moved;
            if (await find(cancellationToken) != of)
                continue;
            moved += await CopyAsync(found.Stored, of, cancellationToken);
            if (found.Seen is { } seen && IsAfter(own, of, mark) && !await aliases.AddSeenAsync(person, seen, mark, cancellationToken))
                continue;
            if (await find(cancellationToken) == of && await aliases.DropAsync(alias, found, cancellationToken))
                return moved;
        }

        return moved;
    }

    /// <summary>
    /// Whether all that the alias met is from after its erasures and those of the person. A filter has no times, so that nothing can be
    /// left out of it: where this is false, the person's gets the items of the events alone that the append takes.
    /// </summary>
    /// <param name="own">
    /// The alias's mark. If it is lower than the erasure that the merge knew of, or was restored a moment ago, the store lost it, and may
    /// have brought back an earlier window.
    /// </param>
    /// <param name="mark">The person's mark.</param>
    private static bool IsAfter(ErasureMark? own, UserAlias of, ErasureMark? mark) =>
        own?.Order != ErasureMark.Unreviewed && (own?.ErasedBefore ?? 0) >= Math.Max(of.ErasedBefore, mark?.ErasedBefore ?? 0);

    private async Task<int> CopyAsync(StoredWindow stored, UserAlias of, CancellationToken cancellationToken)
    {
        var (person, events) = (of.PersonId, stored.Window.Events.Where(e => e.Timestamp > of.ErasedBefore).ToList());
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
