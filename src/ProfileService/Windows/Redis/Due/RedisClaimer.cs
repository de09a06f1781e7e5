using System.Runtime.ExceptionServices;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Due;

/// <summary>Claims due users, with their windows.</summary>
internal sealed partial class RedisClaimer(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisDueUsers users,
    RedisWindowKeys keys,
    RedisWindowReader reader,
    DuePartitions due,
    FailingServers failing,
    LateReleases late,
    ProfileMetrics metrics,
    TimeProvider time,
    ILogger<RedisClaimer> logger)
{
    private const int ValuesOfAClaim = 3; // in a reply

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>See <see cref="IDueQueue.ClaimDueAsync"/>.</summary>
    public async Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claims = new List<Claim>(maxUsers);
        Exception? failure = null;
        while (claims.Count < maxUsers && failure is null && !cancellationToken.IsCancellationRequested)
        {
            var shares = due.Shares(Now, Claim.LatestLeaseEnd(Now, lease), maxUsers - claims.Count);
            if (shares.Count == 0)
                break;
            var taken = await Task.WhenAll(shares.Select(share => TryClaimAsync(share, lease)));
            claims.AddRange(taken.SelectMany(t => t.Claims));
            failure = taken.Select(t => t.Failure).FirstOrDefault(f => f is not null);
        }

        if (failure is not null && !redis.IsCluster && claims.Count == 0)
            ExceptionDispatchInfo.Throw(failure);
        if (claims.Count > 0)
            _ = MeasureAsync(claims[0]); // not awaited: the claims do not depend on it
        // An erasure ends a claim. If its user is due again by then, the next turn of the loop claims it once more; the last claim holds.
        return [.. claims.AsEnumerable().Reverse().DistinctBy(c => c.UserId).OrderBy(c => c.DueSince)];
    }

    /// <summary>See <see cref="IDueQueue.ClaimAsync"/>.</summary>
    public async Task<Claim?> ClaimAsync(string userId, TimeSpan lease)
    {
        var claims = await ClaimAsync(partitions.Of(userId), RedisDueScripts.ClaimUser, userId, lease, checksLateLeases: true);
        return claims.SingleOrDefault();
    }

    private async Task<(IReadOnlyList<Claim> Claims, Exception? Failure)> TryClaimAsync(DuePartitions.Share share, TimeSpan lease)
    {
        try
        {
            var claims = await ClaimAsync(share.Partition, RedisDueScripts.ClaimDue, share.Users, lease, share.HasLateLease);
            failing.Answers(share.Partition);
            return (claims, null);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            if (failing.Avoid(share.Partition) is { } pause)
                LogAvoided(e, share.Partition, pause);
            return ([], e);
        }
    }

    private async Task<IReadOnlyList<Claim>> ClaimAsync(
        int partition, string script, RedisValue selection, TimeSpan lease, bool checksLateLeases)
    {
        var (id, now, isAnswered) = (Guid.NewGuid(), Now, false);
        var end = DateTimeOffset.FromUnixTimeMilliseconds(now + (long)lease.TotalMilliseconds);
        try
        {
            RedisValue latest = checksLateLeases ? Claim.LatestLeaseEnd(now, lease) : RedisValue.EmptyString;
            var (endMs, windows) = (end.ToUnixTimeMilliseconds(), keys.WindowsOf(partition));
            var reply = await users.RunAsync(
                partition, script, now, endMs, id.ToByteArray(), users.Ttl, selection, latest, windows);
            isAnswered = true;
            return reply.Length == DueSnapshot.Length ? [] : await ReadClaimsAsync(reply, id, end);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e) && (isAnswered || MayBeSent(e))) // releases every user with this lease
        {
            late.Add(() => users.ReleaseAsync(partition, id), end, isAnswered);
            throw;
        }
    }

    private static bool MayBeSent(Exception e) =>
        e is not RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection };

    /// <summary>The claims in a reply: after the snapshot, user, since when due, and window in turn.</summary>
    private async Task<IReadOnlyList<Claim>> ReadClaimsAsync(RedisResult[] reply, Guid lease, DateTimeOffset leaseEnd)
    {
        var (claims, gone) = (new List<Claim>(reply.Length / ValuesOfAClaim), new List<Claim>());
        for (var i = DueSnapshot.Length; i < reply.Length; i += ValuesOfAClaim)
        {
            var (userId, since) = ((string)reply[i]!, DateTimeOffset.FromUnixTimeMilliseconds((long)reply[i + 1]));
            var window = reader.Read(userId, (byte[]?)reply[i + 2]);
            (window is null ? gone : claims).Add(new Claim(userId, lease, window?.Revision ?? 0, window?.Bytes ?? [], since, leaseEnd));
        }

        if (gone.Count > 0) // without a window there is nothing to refresh
            await users.SettleAsync(gone);
        return claims;
    }

    /// <summary>Records the memory that one window of a batch takes. A missing figure is no reason to drop the batch.</summary>
    private async Task MeasureAsync(Claim claim)
    {
        try
        {
            if (await reader.MeasureAsync(claim.UserId) is { } bytes)
                metrics.RecordWindow(bytes, WindowCodec.CountEvents(claim.Bytes));
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e) || e is InvalidDataException)
        {
            LogNotMeasured(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A window's memory could not be measured")]
    private partial void LogNotMeasured(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Due users of partition {Partition}, and of the others on its server, cannot be claimed; tried again in {Pause}")]
    private partial void LogAvoided(Exception exception, int partition, TimeSpan pause);
}
