namespace ProfileService.Windows;

/// <summary>
/// The due users: those whose profiles are behind their windows. The queue is durable. A worker claims users for the time of a lease,
/// refreshes them, and settles or releases the claims. A change to a window makes its user due (<see cref="IWindowStore"/>). Every method
/// is atomic per user. DueQueueContract tests each implementation.
/// </summary>
internal interface IDueQueue
{
    /// <summary>Number of users that are due or claimed, as far as this process knows without asking a server.</summary>
    long KnownDue { get; }

    /// <summary>
    /// Leases up to <paramref name="maxUsers"/> due users to the caller, longest due first. When a lease ends, its user is due again. If a
    /// claim fails, the users that it may have leased are released.
    /// </summary>
    Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Leases one user; null if the user is not due, or is leased already.</summary>
    Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Lets the leases of claims end a whole lease from now. A claim is ignored if it was ended, or if its user was leased again.
    /// </summary>
    Task RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Ends claims whose profiles are stored. A user that changed meanwhile stays due. A claim is ignored if its user was leased again.
    /// </summary>
    Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken);

    /// <summary>
    /// Ends claims whose users were not refreshed; the users are due again at once. If the store fails, the exception is thrown, and the
    /// release is retried in the background until the leases have ended.
    /// </summary>
    /// <param name="lease">Their length. However often they were renewed, they end at most that long from now.</param>
    Task ReleaseAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Sets the revision of each window above the profile's if it is lower, and makes the user due. Without this, a store that was restored
    /// with older windows would repeat revisions that profiles already have.
    /// </summary>
    Task RaiseRevisionsAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken);

    /// <summary>Makes the users that have a window due. A user that is due already keeps the time since when it is due.</summary>
    Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>Makes every user due, for example after a change of the model. If it is cancelled, some users are due.</summary>
    Task MarkAllDueAsync(CancellationToken cancellationToken);

    /// <summary>Waits until users may be due, but not longer than <paramref name="atMost"/>.</summary>
    Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Number of users that are due or claimed.</summary>
    Task<long> CountDueAsync(CancellationToken cancellationToken);

    /// <summary>What the queue has of a user; null if the user is neither due nor claimed.</summary>
    Task<DueState?> FindAsync(string userId, CancellationToken cancellationToken);
}

/// <summary>What the due queue has of one user.</summary>
/// <param name="DueSince">When the oldest change came that no claim holds; null if there is none.</param>
/// <param name="ClaimedSince">When the oldest change came that the claim holds; null if the user is not claimed.</param>
/// <param name="LeaseEnd">When the claim ends; null if the user is not claimed.</param>
internal sealed record DueState(DateTime? DueSince, DateTime? ClaimedSince, DateTime? LeaseEnd);
