namespace ProfileService.Windows;

/// <summary>
/// Erases users from windows and due queue, and remembers by a mark that they were. The marks are restored from the ledger in the database
/// if the store loses them. WindowEraserContract tests each implementation.
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

    /// <summary>
    /// Sets marks that are missing, and raises those that are lower, as <see cref="ErasureMark.Unreviewed"/>. Returns the hashes of those
    /// that were.
    /// </summary>
    Task<IReadOnlyList<string>> RestoreAsync(IReadOnlyList<LedgerMark> marks, CancellationToken cancellationToken);

    /// <summary>
    /// Records that what came back of these users was looked for, unless their marks have changed since they were restored.
    /// </summary>
    Task ConfirmAsync(IReadOnlyList<LedgerMark> marks, CancellationToken cancellationToken);

    /// <summary>The user's mark; null if there is none.</summary>
    Task<ErasureMark?> FindMarkAsync(string userId, CancellationToken cancellationToken);

    /// <summary>All marks, page by page.</summary>
    IAsyncEnumerable<IReadOnlyList<LedgerMark>> ReadMarksAsync(CancellationToken cancellationToken);

    /// <summary>The users that have a window, page by page.</summary>
    IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync(CancellationToken cancellationToken);

    /// <summary>Sees to it that what was erased is not in the store's files either, as far as the store can do that at once.</summary>
    Task PurgeAsync(CancellationToken cancellationToken);

    /// <summary>Writes files anew that may hold copies of what was erased, if nothing else does.</summary>
    Task RewriteAsync(CancellationToken cancellationToken);

    /// <summary>Number of the partition in which the user's mark lies, and of all partitions.</summary>
    (int Partition, int Partitions) PlaceOf(string userId);
}

/// <summary>What an erasure removed.</summary>
/// <param name="Windows">0 or 1.</param>
/// <param name="Events">Number of events of the window; 0 if it cannot be read.</param>
/// <param name="Copies">Number of cached profiles.</param>
internal readonly record struct ErasedWindow(ErasureMark Mark, int Windows, int Events, int Copies = 0);

/// <summary>A mark as the ledger keeps it.</summary>
/// <param name="Partition">Where the mark lies, of so many <paramref name="Partitions"/>; another number puts it into all.</param>
internal readonly record struct LedgerMark(string UserHash, int Partition, int Partitions, ErasureMark Mark)
{
    /// <summary>The mark as it lies in the windows from when it is restored until it is confirmed.</summary>
    public ErasureMark Restored => Mark with { Order = ErasureMark.Unreviewed };
}
