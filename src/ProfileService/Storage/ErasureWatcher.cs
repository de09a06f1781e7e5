namespace ProfileService.Storage;

/// <summary>A row of the table <c>erasure_watchers</c>: up to where a process has followed the ledger.</summary>
internal sealed class ErasureWatcher
{
    /// <summary>A random id of the process; with windows in SQLite, its machine, folder and the folder's random id.</summary>
    public required string Process { get; init; }

    /// <summary>Users up to this <see cref="ErasedUser.Sequence"/> are not in its memory.</summary>
    public required long Sequence { get; set; }

    public required DateTime SeenAt { get; set; }
}
