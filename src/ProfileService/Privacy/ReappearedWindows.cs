using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Erases users again whose windows from before an erasure a store brought back. If such an id was merged since, the erasure would take the
/// person's other ids with it, which nobody asked to erase: then only that window goes.
/// </summary>
internal sealed class ReappearedWindows(IAliasWindows windows, IWindowStore store, Erasures erasures)
{
    /// <summary>Looks at the windows as they lie under these ids, also under those of aliases.</summary>
    /// <param name="marks">The users that were erased, with their marks as of the ledger.</param>
    public async Task EraseAsync(IReadOnlyDictionary<string, ErasureMark> marks, CancellationToken cancellationToken)
    {
        var reappeared = new List<string>();
        foreach (var (userId, mark) in marks)
        {
            if (await IsOfBeforeAsync(userId, mark, cancellationToken))
                reappeared.Add(userId);
        }

        if (reappeared.Count == 0)
            return;
        foreach (var (userId, person) in await erasures.RequestUnmergedAsync(reappeared, cancellationToken))
            await DropAsync(userId, person, marks[userId], cancellationToken);
    }

    /// <summary>Whether the window has something from before the erasure. One that cannot be read may have.</summary>
    private async Task<bool> IsOfBeforeAsync(string userId, ErasureMark mark, CancellationToken cancellationToken)
    {
        try
        {
            return IsOfBefore(await windows.FindAsync(userId, cancellationToken), mark);
        }
        catch (UnreadableWindowException)
        {
            return true;
        }
    }

    private static bool IsOfBefore(AliasWindow? found, ErasureMark mark) =>
        found is { Stored: var window } && (window.Revision <= mark.Floor || window.Window.Events.Any(mark.Covers));

    /// <summary>
    /// Drops the window. Its events from after the erasure go to the person, whose profile is computed anew: before the window is dropped,
    /// so that none is lost if this breaks off, but for a person's own window, which cannot take them before.
    /// </summary>
    private async Task DropAsync(string userId, string person, ErasureMark mark, CancellationToken cancellationToken)
    {
        try
        {
            while (await windows.FindAsync(userId, cancellationToken) is { } found && IsOfBefore(found, mark))
            {
                WindowEvent[] later =
                    [.. found.Stored.Window.Events.Where(e => !mark.Covers(e)).Select(e => e with { UserId = person })];
                if (person != userId)
                    await store.AppendAsync(later, cancellationToken);
                if (await windows.DropAsync(userId, found, cancellationToken) && person == userId)
                    await store.AppendAsync(later, cancellationToken);
            }
        }
        catch (UnreadableWindowException)
        {
            await windows.DropUnreadableAsync(userId, cancellationToken);
        }

        await store.TouchAsync([person], cancellationToken);
    }
}
