using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Due;
using ProfileService.Windows.Redis.Read;

namespace ProfileService.Windows.Redis;

/// <summary>The due queue in Redis or Redis Cluster, shared by any number of processes.</summary>
internal sealed class RedisDueQueue(
    RedisClaimer claimer,
    RedisDueUsers users,
    RedisCommitter committer,
    RedisWindowScan scan,
    DuePartitions due,
    DueSignal signal,
    LateReleases late) : IDueQueue
{
    public long KnownDue => due.Users;

    public Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken) =>
        claimer.ClaimDueAsync(maxUsers, lease, cancellationToken);

    public Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken) => claimer.ClaimAsync(userId, lease);

    public Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => users.SettleAsync(claims);

    public Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) =>
        claims.Count == 0 ? Task.CompletedTask : late.TryAsync(() => users.ReleaseAsync(claims), claims.Max(c => c.LeaseEnd));

    public Task RaiseRevisionsAsync(IReadOnlyList<(string UserId, long ProfileRevision)> raised, CancellationToken cancellationToken) =>
        Task.WhenAll(raised.Select(user => committer.ChangeAsync(
            user.UserId, window => WindowAppender.RaiseAbove(user.ProfileRevision, window), cancellationToken)));

    public Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) => users.MarkAsync(userIds);

    public async Task MarkAllDueAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in scan.ReadPagesAsync(cancellationToken))
            await users.MarkAsync(page);
    }

    public Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken) => signal.WaitAsync(atMost, cancellationToken);

    public async Task<long> CountDueAsync(CancellationToken cancellationToken)
    {
        await users.UpdateAsync();
        return due.Users;
    }
}
