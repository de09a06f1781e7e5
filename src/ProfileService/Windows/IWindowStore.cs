using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Windows;

/// <summary>
/// The windows of all users. The store is durable. Every method is atomic per user: a change to a window increments its revision and makes
/// the user due in the <see cref="IDueQueue"/> in one step, but for <see cref="RemoveTextsAsync"/>. The rules are in <see cref="Window"/>;
/// a store only moves bytes.
/// WindowStoreContract tests each implementation.
/// </summary>
internal interface IWindowStore
{
    /// <summary>Appends events to their users' windows; returns a verdict for each. After it returns, the events survive a crash.</summary>
    Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken);

    /// <summary>The user's window; null if there is none.</summary>
    /// <exception cref="UnreadableWindowException">It was altered or cut.</exception>
    Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken);

    /// <summary>
    /// Which items the user ever met; null if nothing is remembered (<see cref="WindowOptions.RememberSeen"/>). Whatever the rules judged
    /// counts, late events included; what the user met while it was not remembered and that left the window since does not. It is dropped
    /// with the window.
    /// </summary>
    Task<SeenItems?> FindSeenAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Revision of the user's window; null if there is none, <see cref="CheckedRevision.Altered"/> if it was altered.</summary>
    Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken);

    /// <summary>As <see cref="FindRevisionAsync"/>, for several users; in the order of <paramref name="userIds"/>.</summary>
    Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>
    /// Increments the users' revisions and makes the users due, because their attributes have changed. A user without a window gets an
    /// empty one. A window that cannot be read is skipped; <see cref="MendAsync"/> makes its user due later.
    /// </summary>
    Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a window that cannot be read by a window of these events with a higher revision, and makes the user due. If the window can
    /// be read, the events are appended to it. Returns whether the window was replaced.
    /// </summary>
    Task<bool> MendAsync(string userId, IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken);

    /// <summary>The ids that have a window, page by page, some perhaps twice; among them aliases that are not moved yet.</summary>
    IAsyncEnumerable<IReadOnlyList<string>> ReadUsersAsync(CancellationToken cancellationToken);

    /// <summary>Whether no user has a window.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the old texts of a user's window by what stays of them. Neither raises the revision nor makes the user due, because the
    /// profile is what it was. A window that cannot be read is skipped. Returns whether anything was removed.
    /// </summary>
    Task<bool> RemoveTextsAsync(string userId, TextRemoval removal, CancellationToken cancellationToken);

    /// <summary>Drops windows that did not change for <see cref="WindowOptions.IdleTtl"/>; returns how many.</summary>
    Task<int> DropIdleAsync(CancellationToken cancellationToken);
}
