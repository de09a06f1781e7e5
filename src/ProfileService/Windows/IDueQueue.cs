namespace ProfileService.Windows;

/// <summary>
/// The users that are due, whose profiles are behind their windows; durable. A worker claims users for the time of a lease, refreshes
/// them, and settles or releases the claims. Changes to windows make users due by themselves (<see cref="IWindowStore"/>). Every method is
/// atomic per user. DueQueueContract tests each implementation.
/// </summary>
internal interface IDueQueue
{
    /// <summary>Users that are due or claimed, as far as this process knows without asking a server.</summary>
    long KnownDue { get; }

    /// <summary>
    /// Leases up to <paramref name="maxUsers"/> due users to the caller, longest due first; a lease that runs out makes its user due again.
    /// If a claim fails, users that it may have leased are released.
    /// </summary>
    Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Leases one user if it is due and nobody has it; null otherwise.</summary>
    Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Ends claims whose profiles are stored. A user that changed meanwhile stays due; a claim whose lease went to another is left alone.
    /// </summary>
    Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken);

    /// <summary>
    /// Ends claims whose users were not refreshed: they are due again at once. If the store fails, this throws, and the release is tried
    /// again in the background until the leases have ended.
    /// </summary>
    Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken);

    /// <summary>
    /// Sets the revision of a window above that of its user's profile if it is below, and makes the user due. Otherwise a store that was
    /// restored with older windows would count up to revisions that profiles already have.
    /// </summary>
    Task RaiseRevisionsAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken);

    /// <summary>Makes users due that have a window; one that is due already keeps the time since when it is.</summary>
    Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken);

    /// <summary>Makes every user due, as when the model changed.</summary>
    Task MarkAllDueAsync(CancellationToken cancellationToken);

    /// <summary>Waits until users may be due, at most so long.</summary>
    Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Users that are due or claimed.</summary>
    Task<long> CountDueAsync(CancellationToken cancellationToken);
}
