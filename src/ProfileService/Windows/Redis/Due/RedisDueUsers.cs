using System.Globalization;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Due;

/// <summary>
/// The due users in Redis, by partition. Partitions share calls, see <see cref="RedisConnection.Calls"/>, and
/// <see cref="DuePartitions"/> learns from every reply.
/// </summary>
internal sealed class RedisDueUsers(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisWindowKeys keys,
    DuePartitions due,
    FailingServers failing,
    DueSignal signal,
    IOptions<WindowOptions> options,
    TimeProvider time)
{
    /// <summary>See <see cref="RedisWindowKeys.DueChannel"/>.</summary>
    public static readonly RedisChannel Channel = RedisChannel.Literal(RedisWindowKeys.DueChannel);

    private readonly Lock _sending = new();

    /// <summary>Time to live of the keys, in ms.</summary>
    public long Ttl => RedisTtl.Of(options.Value);

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    public Task RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease) =>
        ChangeAsync(claims, RedisDueScripts.Renew, Now + (long)lease.TotalMilliseconds);

    public Task SettleAsync(IReadOnlyList<Claim> claims) => ChangeAsync(claims, RedisDueScripts.Settle, Ttl);

    public Task ReleaseAsync(IReadOnlyList<Claim> claims) => ChangeAsync(claims, RedisDueScripts.Release, Ttl);

    /// <summary>Releases all users of a partition that are claimed under a lease.</summary>
    public Task ReleaseAsync(int partition, Guid lease) =>
        RunAndAnnounceAsync(RedisDueScripts.Release, [new DueCall(partition, [Ttl, lease.ToByteArray()])]);

    public Task MarkAsync(IReadOnlyList<string> userIds) => RunAndAnnounceAsync(
        RedisDueScripts.MarkDue,
        from id in userIds
        group id by partitions.Of(id) into together
        from users in together.Chunk(RedisDueScripts.MostUsers)
        select new DueCall(together.Key, [Now, Ttl, .. users.Select(u => (RedisValue)u)]));

    /// <summary>See <see cref="IDueQueue.FindAsync"/>.</summary>
    public async Task<DueState?> FindAsync(string userId)
    {
        var found = await redis.Database.ScriptEvaluateAsync(RedisDueScripts.Find, keys.Due(partitions.Of(userId)), [userId]);
        var (due, lease, claim) = ((double?)found[0], (double?)found[1], (byte[]?)found[2]);
        return due is null && lease is null && claim is null
            ? null
            : new DueState(Time(due), Time(claim is null ? null : SinceOf(claim)), Time(lease));
    }

    /// <summary>Updates what is known of every partition.</summary>
    public Task UpdateAsync() => Task.WhenAll(Enumerable.Range(0, partitions.Count).Select(UpdateAsync));

    /// <summary>Updates what is known of a partition, by one command if nobody is due there. Signals if users can be claimed.</summary>
    public async Task UpdateAsync(int partition)
    {
        try
        {
            var (asked, sent) = Send([partition], () => redis.Database.KeyExistsAsync(keys.Due(partition)));
            if (await sent == 0)
                due.Learn(partition, DueSnapshot.Nobody, asked[0]);
            else
                await RunAsync(RedisDueScripts.Snapshot, [new DueCall(partition, [])]);
        }
        catch (Exception e) when (StoreFailure.IsOfRedis(e))
        {
            failing.Avoid(partition);
            throw;
        }

        failing.Answers(partition);
        if (due.IsAnyClaimable(Now))
            signal.Raise();
    }

    /// <summary>
    /// Runs a script, by one call, on the due users of partitions, and learns from its snapshots. Returns the replies in their order, for
    /// <see cref="Read"/>.
    /// </summary>
    public async Task<RedisResult[]> RunAsync(string script, IReadOnlyList<DueCall> calls)
    {
        RedisKey[] all = [.. calls.SelectMany(c => keys.Due(c.Partition))];
        RedisValue[] arguments = [.. calls.SelectMany(c => c.Arguments.Prepend(c.Arguments.Length))];
        var (asked, sent) = Send([.. calls.Select(c => c.Partition)], () => redis.Database.ScriptEvaluateAsync(script, all, arguments));
        var replies = (RedisResult[])(await sent)!;
        for (var i = 0; i < calls.Count; i++)
        {
            if (!IsError(replies[i]))
                due.Learn(calls[i].Partition, DueSnapshot.From(Read(replies[i])), asked[i]);
        }

        return replies;
    }

    /// <summary>The reply of one partition.</summary>
    /// <exception cref="RedisException">The script failed there.</exception>
    public static RedisResult[] Read(RedisResult reply) =>
        IsError(reply) ? throw new RedisException((string)reply!) : (RedisResult[])reply!;

    private static bool IsError(RedisResult reply) => reply.Resp2Type is not ResultType.Array;

    private static DateTime? Time(double? milliseconds) =>
        milliseconds is { } given ? DateTimeOffset.FromUnixTimeMilliseconds((long)given).UtcDateTime : null;

    private static double SinceOf(byte[] claim) =>
        double.Parse(claim.AsSpan(RedisDueScripts.LeaseBytes), NumberStyles.Float, CultureInfo.InvariantCulture);

    private Task ChangeAsync(IReadOnlyList<Claim> claims, string script, RedisValue first) => RunAndAnnounceAsync(
        script,
        from claim in claims
        group claim.UserId by (Partition: partitions.Of(claim.UserId), claim.Lease) into claimed
        from users in claimed.Chunk(RedisDueScripts.MostUsers)
        select new DueCall(
            claimed.Key.Partition, [first, claimed.Key.Lease.ToByteArray(), .. users.Select(u => (RedisValue)u)]));

    private Task RunAndAnnounceAsync(string script, IEnumerable<DueCall> all) => Task.WhenAll(
        redis.Calls(all, c => c.Partition, RedisDueScripts.MaxPartitions).Select(calls => RunAndAnnounceTogetherAsync(script, calls)));

    /// <summary>
    /// Runs a script that may make users claimable, and announces the partitions where it did. A worker continues with a partition while a
    /// user is claimable; therefore only the first one is announced.
    /// </summary>
    private async Task RunAndAnnounceTogetherAsync(string script, DueCall[] calls)
    {
        var replies = await RunAsync(script, calls);
        foreach (var (call, result) in calls.Zip(replies).OrderBy(r => IsError(r.Second))) // those last: to read them throws
        {
            var reply = Read(result);
            if ((long)reply[DueSnapshot.Length] != 0)
                Announce(call.Partition);
            else if (DueSnapshot.From(reply).Oldest != DueSnapshot.Never)
                signal.Raise();
        }
    }

    /// <summary>Tells every process, this one at once, that users of a partition may be claimed.</summary>
    private void Announce(int partition)
    {
        redis.Subscriber.Publish(Channel, partition, CommandFlags.FireAndForget);
        signal.Raise();
    }

    // One at a time, so that commands are numbered in the order in which the server receives them.
    private (DuePartitions.Asked[] Asked, T Sent) Send<T>(int[] asked, Func<T> send)
    {
        lock (_sending)
            return (Array.ConvertAll(asked, due.Ask), send());
    }
}

/// <summary>What a script of <see cref="RedisDueScripts"/> is to do in a partition.</summary>
/// <param name="Arguments">The script's ARGV.</param>
internal readonly record struct DueCall(int Partition, RedisValue[] Arguments);
