namespace ProfileService.Windows;

/// <summary>
/// Erases users from windows and due queue, and remembers by a mark that they were (<see cref="IErasureMarks"/>). WindowEraserContract
/// tests each implementation.
/// </summary>
internal interface IWindowEraser
{
    /// <summary>
    /// Sets the user's mark, and removes the window and any claim in the same step. An erasure whose mark stands already, and is not below
    /// <paramref name="least"/>, changes nothing.
    /// </summary>
    /// <param name="order">Identifies the erasure.</param>
    /// <param name="least">What the mark must reach: a time of events, and the highest revision that is known elsewhere.</param>
    /// <param name="copies">Keys that are removed in the same step, if the store has keys of others: the user's cached profiles.</param>
    Task<ErasedWindow> EraseAsync(
        string userId, long order, ErasureMark least, IReadOnlyList<string> copies, CancellationToken cancellationToken);

    /// <summary>Sees to it that what was erased is not in the store's files either, as far as the store can do that at once.</summary>
    Task PurgeAsync(CancellationToken cancellationToken);

    /// <summary>Writes files anew that may hold copies of what was erased, if nothing else does.</summary>
    Task RewriteAsync(CancellationToken cancellationToken);
}

/// <summary>What an erasure removed.</summary>
/// <param name="Windows">0 or 1.</param>
/// <param name="Events">Number of events of the window; 0 if it cannot be read.</param>
/// <param name="Copies">Number of cached profiles.</param>
internal readonly record struct ErasedWindow(ErasureMark Mark, int Windows, int Events, int Copies = 0);
