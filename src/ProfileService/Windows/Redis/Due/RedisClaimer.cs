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
    private const int ValuesPerClaim = 3; // in a reply

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
            var calls = redis.Calls(shares, s => s.Partition, RedisDueScripts.MaxPartitions);
            var taken = (await Task.WhenAll(calls.Select(call => ClaimAsync(call, lease)))).SelectMany(t => t).ToList();
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
        var (partition, taken) = (partitions.Of(userId), NewLease(lease));
        var replies = users.RunAsync(RedisDueScripts.ClaimUser, [CallFor(partition, userId, taken, checksLateLeases: true)]);
        return (await ReadAsync(partition, replies, 0, taken)).SingleOrDefault();
    }

    private async Task<(IReadOnlyList<Claim> Claims, Exception? Failure)[]> ClaimAsync(DuePartitions.Share[] shares, TimeSpan lease)
    {
        var taken = NewLease(lease);
        var replies = users.RunAsync(
            RedisDueScripts.ClaimDue, [.. shares.Select(s => CallFor(s.Partition, s.Users, taken, s.HasLateLease))]);
        return await Task.WhenAll(shares.Select((share, i) => TryReadAsync(share.Partition, replies, i, taken)));
    }

    private async Task<(IReadOnlyList<Claim> Claims, Exception? Failure)> TryReadAsync(
        int partition, Task<RedisResult[]> replies, int index, Lease lease)
    {
        try
        {
            var claims = await ReadAsync(partition, replies, index, lease);
            failing.Answers(partition);
            return (claims, null);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            if (failing.Avoid(partition) is { } pause)
                LogAvoided(e, partition, pause);
            return ([], e);
        }
    }

    /// <summary>The claims of a partition. If it failed, whatever it has under the lease is released.</summary>
    private async Task<IReadOnlyList<Claim>> ReadAsync(int partition, Task<RedisResult[]> replies, int index, Lease lease)
    {
        var isAnswered = false;
        try
        {
            var reply = RedisDueUsers.Read((await replies)[index]);
            isAnswered = true;
            return reply.Length == DueSnapshot.Length ? [] : await ReadClaimsAsync(reply, lease);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e) && (isAnswered || MayBeSent(e)))
        {
            late.Add(() => users.ReleaseAsync(partition, lease.Id), lease.Length, isAnswered);
            throw;
        }
    }

    private Lease NewLease(TimeSpan length)
    {
        var now = Now;
        return new Lease(Guid.NewGuid(), now, length, Claim.LatestLeaseEnd(now, length));
    }

    private DueCall CallFor(int partition, RedisValue selection, Lease lease, bool checksLateLeases)
    {
        var end = lease.Now + (long)lease.Length.TotalMilliseconds;
        RedisValue latest = checksLateLeases ? lease.Latest : RedisValue.EmptyString;
        return new DueCall(partition, [lease.Now, end, lease.Id.ToByteArray(), users.Ttl, selection, latest, keys.WindowsOf(partition)]);
    }

    private static bool MayBeSent(Exception e) =>
        e is not RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection };

    /// <summary>The claims in a reply: after the snapshot, user, since when due, and window in turn.</summary>
    private async Task<IReadOnlyList<Claim>> ReadClaimsAsync(RedisResult[] reply, Lease lease)
    {
        var (claims, gone) = (new List<Claim>(reply.Length / ValuesPerClaim), new List<Claim>());
        for (var i = DueSnapshot.Length; i < reply.Length; i += ValuesPerClaim)
        {
            var (userId, since) = ((string)reply[i]!, DateTimeOffset.FromUnixTimeMilliseconds((long)reply[i + 1]));
            var window = reader.Read(userId, (byte[]?)reply[i + 2]);
            (window is null ? gone : claims).Add(new Claim(userId, lease.Id, window?.Revision ?? 0, window?.Bytes ?? [], since));
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
        Message = "Cannot claim due users of partition {Partition}, and of the others on its server; retrying in {Pause}")]
    private partial void LogAvoided(Exception exception, int partition, TimeSpan pause);

    /// <summary>What the users of a call are claimed under.</summary>
    /// <param name="Now">When it begins, in Unix ms.</param>
    /// <param name="Latest">See <see cref="Claim.LatestLeaseEnd"/>.</param>
    private readonly record struct Lease(Guid Id, long Now, TimeSpan Length, long Latest);
}
