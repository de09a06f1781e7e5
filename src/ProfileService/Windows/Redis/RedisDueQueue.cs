using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Due;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis;

/// <summary>The due queue in Redis or Redis Cluster, shared by any number of processes.</summary>
/// <param name="owner">Given where one process alone may claim users; until this process is the owner, nobody is due for it.</param>
internal sealed class RedisDueQueue(
    RedisClaimer claimer,
    RedisDueUsers dueUsers,
    RedisCommitter committer,
    RedisWindowScan scan,
    DuePartitions known,
    DueSignal signal,
    LateReleases late,
    RedisOwner? owner = null) : IDueQueue
{
    public long KnownDue => known.Users;

    private bool MayClaim => owner?.IsSelf ?? true;

    public Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken) =>
        MayClaim ? claimer.ClaimDueAsync(maxUsers, lease, cancellationToken) : Task.FromResult<IReadOnlyList<Claim>>([]);

    public Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken) =>
        MayClaim ? claimer.ClaimAsync(userId, lease) : Task.FromResult<Claim?>(null);

    public Task RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        dueUsers.RenewAsync(claims, lease);

    public Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => dueUsers.SettleAsync(claims);

    public Task ReleaseAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        claims.Count == 0 ? Task.CompletedTask : late.TryAsync(() => dueUsers.ReleaseAsync(claims), lease);

    public Task RaiseRevisionsAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken) =>
        Task.WhenAll(users.Select(user => committer.ChangeAsync(
            user.UserId,
            (window, _) => new WindowChange(WindowAppender.RaiseAbove(user.ProfileRevision, window)),
            cancellationToken)));

    public Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) => dueUsers.MarkAsync(userIds);

    public async Task MarkAllDueAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in scan.ReadPagesAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await dueUsers.MarkAsync(page);
        }
    }

    public Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken) => signal.WaitAsync(atMost, cancellationToken);

    public Task<DueState?> FindAsync(string userId, CancellationToken cancellationToken) => dueUsers.FindAsync(userId);

    public async Task<long> CountDueAsync(CancellationToken cancellationToken)
    {
        await dueUsers.UpdateAsync();
        return known.Users;
    }
}
