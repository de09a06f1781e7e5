using ProfileService.Platform;
using ProfileService.Windows.Codec;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>Claims and their ends: users of one partition share each command.</summary>
internal sealed partial class RedisWindowStore
{
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
            Rethrow(failure);
        if (claims.Count > 0)
            _ = MeasureAsync(claims[0]); // nobody waits for a figure
        return [.. claims.OrderBy(c => c.DueSince)];
    }

    public async Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claims = await ClaimAsync(partitions.Of(userId), RedisDueScripts.ClaimUser, userId, lease, knowsLatest: true);
        return claims.SingleOrDefault();
    }

    public Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => EndAsync(claims, RedisDueScripts.Settle);

    public Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) =>
        claims.Count == 0
            ? Task.CompletedTask
            : late.TryAsync(() => EndAsync(claims, RedisDueScripts.Release), claims.Max(c => c.LeaseEnd));

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

    private async Task<IReadOnlyList<Claim>> ClaimAsync(int partition, string script, RedisValue whom, TimeSpan lease, bool knowsLatest)
    {
        var (id, now, isAnswered) = (Guid.NewGuid(), Now, false);
        var end = DateTimeOffset.FromUnixTimeMilliseconds(now + (long)lease.TotalMilliseconds);
        try
        {
            RedisValue latest = knowsLatest ? Claim.LatestLeaseEnd(now, lease) : RedisValue.EmptyString;
            var reply = await RunAsync(partition, script, [now, end.ToUnixTimeMilliseconds(), id.ToByteArray(), Ttl, whom, latest]);
            isAnswered = true;
            return reply.Length == DueLook.Length ? [] : await ReadClaimsAsync(reply, id, end);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e) && (isAnswered || MayBeSent(e))) // all users that have this lease are given back
        {
            late.Add(() => RunAndAnnounceAsync(partition, RedisDueScripts.Release, [Ttl, id.ToByteArray()]), end, isAnswered);
            throw;
        }
    }

    private static bool MayBeSent(Exception e) =>
        e is not RedisConnectionException { FailureType: ConnectionFailureType.UnableToResolvePhysicalConnection };

    private async Task<IReadOnlyList<Claim>> ReadClaimsAsync(RedisResult[] reply, Guid lease, DateTimeOffset leaseEnd)
    {
        var users = new (string Id, long Since)[(reply.Length - DueLook.Length) / 2];
        for (var i = 0; i < users.Length; i++)
            users[i] = ((string)reply[DueLook.Length + (2 * i)]!, (long)reply[DueLook.Length + (2 * i) + 1]);
        var values = await redis.Database.StringGetAsync([.. users.Select(u => _keys.Window(u.Id))], CommandFlags.DemandMaster);

        var (claims, gone) = (new List<Claim>(users.Length), new List<Claim>());
        foreach (var ((user, since), value) in users.Zip(values))
        {
            var window = _reader.Read(user, value);
            var dueSince = DateTimeOffset.FromUnixTimeMilliseconds(since);
            (window is null ? gone : claims).Add(new Claim(user, lease, window?.Revision ?? 0, window?.Bytes ?? [], dueSince, leaseEnd));
        }

        if (gone.Count > 0) // no window, nothing to refresh
            await EndAsync(gone, RedisDueScripts.Settle);
        return claims;
    }

    private Task EndAsync(IReadOnlyList<Claim> claims, string script) =>
        Task.WhenAll(claims.GroupBy(c => (Partition: partitions.Of(c.UserId), c.Lease)).SelectMany(group => group.Chunk(RedisDueScripts.MostUsers).Select(some =>
            RunAndAnnounceAsync(group.Key.Partition, script, [Ttl, group.Key.Lease.ToByteArray(), .. some.Select(c => (RedisValue)c.UserId)]))));

    /// <summary>Runs a script that may leave users free whom nobody was told of. Who drains a partition goes on while a user is free, so only the first needs announcing.</summary>
    private async Task RunAndAnnounceAsync(int partition, string script, RedisValue[] arguments)
    {
        var reply = await RunAsync(partition, script, arguments);
        if ((long)reply[DueLook.Length] != 0)
            Announce(partition);
        else if (DueLook.From(reply).Oldest != DueLook.Never)
            signal.Raise();
    }

    /// <summary>Memory that a window takes, as Redis counts it, of one user in each batch; a figure less is no reason to drop the batch.</summary>
    private async Task MeasureAsync(Claim claim)
    {
        try
        {
            var bytes = await redis.Database.ScriptEvaluateAsync(RedisWindowScripts.Memory, [_keys.Window(claim.UserId)]);
            if (!bytes.IsNull)
                metrics.RecordWindow((long)bytes, WindowCodec.CountEvents(claim.Bytes));
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e) || e is InvalidDataException)
        {
            LogNotMeasured(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A window's memory could not be measured")]
    private partial void LogNotMeasured(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Due users of partition {Partition}, and of the others on its server, cannot be claimed; tried again in {Pause}")]
    private partial void LogAvoided(Exception exception, int partition, TimeSpan pause);
}
