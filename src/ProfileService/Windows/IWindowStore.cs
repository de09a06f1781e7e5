using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Windows;

/// <summary>
/// The windows of all users, durable. Every method is atomic per user: a change to a window, its new revision and making the user due
/// in the <see cref="IDueQueue"/> are one step. The rules are in <see cref="Window"/>; a store only moves bytes. WindowStoreContract tests
/// each implementation.
/// </summary>
internal interface IWindowStore
{
    /// <summary>Adds events of any users to their windows; once it returns they survive a crash. Verdicts are in their order.</summary>
    Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken);

    /// <summary>The user's window; null if there is none.</summary>
    /// <exception cref="UnreadableWindowException">It was altered or cut.</exception>
    Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Revision of the user's window; null if there is none, <see cref="CheckedRevision.Altered"/> if it was altered.</summary>
    Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Revision of each user's window in the order asked; each as above.</summary>
    Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>
    /// Increments the users' revisions and makes them due, because something else that their profiles are computed from has changed. A user
    /// without a window gets an empty one. A window that cannot be read is skipped: its user is refreshed when it is mended.
    /// </summary>
    Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a window that cannot be read by the window of these events, at a higher revision, and makes the user due; returns whether
    /// it did. The events are appended to a window that can be read.
    /// </summary>
    Task<bool> MendAsync(string userId, IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken);

    /// <summary>Whether no user has a window.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellationToken);

    /// <summary>Drops windows that got nothing for <see cref="WindowOptions.IdleTtl"/>; returns how many.</summary>
    Task<int> DropIdleAsync(CancellationToken cancellationToken);
}
