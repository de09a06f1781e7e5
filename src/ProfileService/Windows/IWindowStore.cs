using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Windows;

/// <summary>
/// Windows and the users that are due, durable. Every method is atomic per user: append, trim, revision and marking the user
/// due are one step. Rules live in <see cref="Window"/>; a store only moves bytes (WindowStoreContract proves each).
/// </summary>
internal interface IWindowStore
{
    /// <summary>Takes events of any users into their windows; when it returns they survive a crash. Verdicts are in the events' order.</summary>
    Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken);

    /// <summary>The user's window, or null where there is none.</summary>
    /// <exception cref="UnreadableWindowException">It was altered or cut.</exception>
    Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Revision of the user's window; null where there is none, <see cref="CheckedRevision.Altered"/> where it was altered.</summary>
    Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Revision of each user's window in the order asked; each as above.</summary>
    Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>
    /// Leases up to <paramref name="maxUsers"/> due users to the caller, longest due first; a lease that runs out makes its user due again.
    /// Users that may have been leased when a claim failed are given back.
    /// </summary>
    Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Leases one user where it is due and nobody has it; null otherwise.</summary>
    Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Ends claims whose profiles are stored. A user that changed meanwhile stays due; a claim whose lease went to another is left alone.</summary>
    Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken);

    /// <summary>
    /// Gives claims back unfinished: their users are due again at once. Where the store fails, it throws and goes on trying by itself until
    /// their leases have ended.
    /// </summary>
    Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken);

    /// <summary>
    /// Lifts a window whose revision is below the one named, its user's profile's, above it, and makes the user due. A store that came back
    /// with older windows would else count up to revisions that profiles already have.
    /// </summary>
    Task RaiseAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken);

    /// <summary>
    /// Raises the users' revisions and makes them due, for what their profiles are computed from beside their events changed. A user without
    /// a window gets an empty one; one whose window cannot be read is passed over, for it is refreshed when that is mended.
    /// </summary>
    Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>
    /// Puts the window that the events make in place of one that cannot be read, at a higher revision, and makes the user due; returns
    /// whether it did. A window that can be read takes the events in, as by an append.
    /// </summary>
    Task<bool> MendAsync(string userId, IReadOnlyList<UserEvent> events, CancellationToken cancellationToken);

    /// <summary>Makes users due that have a window; one that is due already stays so since when it was.</summary>
    Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>Makes every user due, as when the model changed.</summary>
    Task MarkAllDueAsync(CancellationToken cancellationToken);

    /// <summary>Waits until users may be due, at most so long.</summary>
    Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Users that are due or claimed, as far as this process knows without asking a server.</summary>
    long KnownDue { get; }

    /// <summary>Users that are due or claimed.</summary>
    Task<long> CountDueAsync(CancellationToken cancellationToken);

    /// <summary>Whether no user has a window.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellationToken);

    /// <summary>Drops windows to which nothing came for <see cref="WindowOptions.IdleTtl"/>; returns how many.</summary>
    Task<int> DropIdleAsync(CancellationToken cancellationToken);
}
