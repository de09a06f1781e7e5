namespace ProfileService.Windows;

/// <summary>
/// Windows as they lie under an id in the store, also that of an alias: <see cref="IWindowStore"/> answers with the window of the person.
/// WindowMoverContract tests each implementation.
/// </summary>
internal interface IAliasWindows
{
    /// <summary>The window under the id; null if there is none.</summary>
    /// <exception cref="UnreadableWindowException">It was altered or cut.</exception>
    Task<AliasWindow?> FindAsync(string userId, CancellationToken cancellationToken);

    /// <summary>
    /// Drops the window, with due entry and claim, in one step, if the stored bytes are those that were read. Returns whether they were.
    /// </summary>
    Task<bool> DropAsync(string userId, AliasWindow found, CancellationToken cancellationToken);
}

/// <summary>A window, and the bytes that it was read from.</summary>
internal sealed record AliasWindow(StoredWindow Stored, byte[] Value);
