namespace ProfileService.Windows;

/// <summary>
/// The marks of erased users, which lie beside the windows. They are restored from the ledger in the database if the store loses them.
/// WindowEraserContract tests each implementation.
/// </summary>
internal interface IErasureMarks
{
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
    Task<ErasureMark?> FindAsync(string userId, CancellationToken cancellationToken);

    /// <summary>All marks, page by page.</summary>
    IAsyncEnumerable<IReadOnlyList<LedgerMark>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Number of the partition in which the user's mark lies, and of all partitions.</summary>
    (int Partition, int Partitions) PlaceOf(string userId);
}

/// <summary>A mark as the ledger keeps it.</summary>
/// <param name="Partition">Where the mark lies, of so many <paramref name="Partitions"/>; another number puts it into all.</param>
internal readonly record struct LedgerMark(string UserHash, int Partition, int Partitions, ErasureMark Mark)
{
    /// <summary>The mark as it lies in the windows from when it is restored until it is confirmed.</summary>
    public ErasureMark Restored => Mark with { Order = ErasureMark.Unreviewed };
}
