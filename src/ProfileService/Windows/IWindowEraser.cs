namespace ProfileService.Windows;

/// <summary>
/// Erases users from windows and due queue, and remembers by a mark that they were (<see cref="IErasureMarks"/>). WindowEraserContract
/// tests each implementation.
/// </summary>
internal interface IWindowEraser
{
    /// <summary>
    /// Sets the user's mark, and removes the window and any claim in the same step. An erasure that is done by the mark that stands already
    /// (<see cref="WindowErasure.IsDone"/>) changes nothing.
    /// </summary>
    /// <param name="least">What the mark must reach: a time of events, and the highest revision that is known elsewhere.</param>
    /// <param name="copies">Keys that are removed in the same step, if the store has keys of others: the user's cached profiles.</param>
    Task<ErasedWindow> EraseAsync(
        string userId, WindowErasure erasure, ErasureMark least, IReadOnlyList<string> copies, CancellationToken cancellationToken);

    /// <summary>Sees to it that what was erased is not in the store's files either, as far as the store can do that at once.</summary>
    Task PurgeAsync(CancellationToken cancellationToken);

    /// <summary>Writes files anew that may hold copies of what was erased, if nothing else does.</summary>
    Task RewriteAsync(CancellationToken cancellationToken);
}

/// <summary>An erasure as the windows know it.</summary>
/// <param name="Order">Identifies it.</param>
/// <param name="Requested">
/// If the user's window is known to have been erased for it, when it was asked for, in µs; null otherwise.
/// </param>
internal readonly record struct WindowErasure(long Order, long? Requested = null)
{
    /// <summary>
    /// Whether the mark is this erasure's, or that of another one which came to the user since this one was done: two erasures of a user
    /// that are both repeated would otherwise erase in turn what came after them. A mark from before it was asked for, or one that was
    /// restored, says that the store has lost this one's.
    /// </summary>
    /// <param name="least">What the mark must reach.</param>
    public bool IsDone(ErasureMark mark, ErasureMark least) =>
        mark.ErasedBefore >= least.ErasedBefore && (mark.Order == Order || (mark.Order != ErasureMark.Unreviewed && IsAfterRequest(mark)));

    // Either alone may be ahead of the clock: by an event, or by many changes.
    private bool IsAfterRequest(ErasureMark mark) =>
        Requested is { } requested && mark.ErasedBefore >= requested && mark.Floor >= requested / 1_000; // µs, and ms
}

/// <summary>What an erasure removed.</summary>
/// <param name="Windows">0 or 1.</param>
/// <param name="Events">Number of events of the window; 0 if it cannot be read.</param>
/// <param name="Copies">Number of cached profiles.</param>
internal readonly record struct ErasedWindow(ErasureMark Mark, int Windows, int Events, int Copies = 0);
