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

    /// <summary>What is remembered of the items that were met under the id; null if nothing is.</summary>
    Task<SeenItems?> FindSeenAsync(string userId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds to the items that a user with a window met. Returns whether the user's mark is the one that the caller read before what is
    /// added: otherwise that is from before an erasure, and nothing is added.
    /// </summary>
    Task<bool> AddSeenAsync(string userId, SeenItems seen, ErasureMark? mark, CancellationToken cancellationToken);

    /// <summary>
    /// Drops the window, with due entry, claim and the items that were met, in one step, if the stored bytes are those that were read.
    /// Returns whether they were.
    /// </summary>
    Task<bool> DropAsync(string userId, AliasWindow found, CancellationToken cancellationToken);

    /// <summary>Drops the window, with all that <see cref="DropAsync"/> drops, if it cannot be read.</summary>
    Task DropUnreadableAsync(string userId, CancellationToken cancellationToken);
}

/// <summary>A window, and the bytes that it was read from.</summary>
/// <param name="Seen">The items that were met; null if they are not remembered.</param>
internal sealed record AliasWindow(StoredWindow Stored, byte[] Value, SeenItems? Seen);
