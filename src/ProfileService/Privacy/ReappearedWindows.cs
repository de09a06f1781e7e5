using ProfileService.Intake;
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
    /// <exception cref="UnreadableWindowException">The person's window cannot be read; nothing is dropped then.</exception>
    private async Task DropAsync(string userId, string person, ErasureMark mark, CancellationToken cancellationToken)
    {
        while (await FindOrDropAsync(userId, cancellationToken) is { } found && IsOfBefore(found, mark))
        {
            WindowEvent[] later = [.. found.Stored.Window.Events.Where(e => !mark.Covers(e)).Select(e => e with { UserId = person })];
            if (person != userId)
                await AppendAsync(later, cancellationToken);
            if (await windows.DropAsync(userId, found, cancellationToken) && person == userId)
                await AppendAsync(later, CancellationToken.None); // a stop must not come between the two
        }

        await store.TouchAsync([person], cancellationToken);
    }

    /// <summary>The window; null if there is none, or if it could not be read and was dropped.</summary>
    private async Task<AliasWindow?> FindOrDropAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            return await windows.FindAsync(userId, cancellationToken);
        }
        catch (UnreadableWindowException)
        {
            await windows.DropUnreadableAsync(userId, cancellationToken);
            return null;
        }
    }

    private async Task AppendAsync(WindowEvent[] events, CancellationToken cancellationToken)
    {
        if ((await store.AppendAsync(events, cancellationToken)).Contains(Verdict.Unreadable))
            throw new UnreadableWindowException();
    }
}
