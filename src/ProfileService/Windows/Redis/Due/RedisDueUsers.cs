using System.Globalization;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Due;

/// <summary>
/// The due users in Redis, by partition. The users of one partition share a command. <see cref="DuePartitions"/> learns from every reply.
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

    public Task SettleAsync(IReadOnlyList<Claim> claims) => EndAsync(claims, RedisDueScripts.Settle);

    public Task ReleaseAsync(IReadOnlyList<Claim> claims) => EndAsync(claims, RedisDueScripts.Release);

    /// <summary>Releases all users of a partition that are claimed under a lease.</summary>
    public Task ReleaseAsync(int partition, Guid lease) =>
        RunAndAnnounceAsync(partition, RedisDueScripts.Release, [Ttl, lease.ToByteArray()]);

    public Task MarkAsync(IReadOnlyList<string> userIds) =>
        Task.WhenAll(userIds.GroupBy(partitions.Of).Select(users =>
            RunAndAnnounceAsync(users.Key, RedisDueScripts.MarkDue, [Now, Ttl, .. users.Select(u => (RedisValue)u)])));

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
            var (asked, sent) = Send(partition, () => redis.Database.KeyExistsAsync(keys.Due(partition)));
            if (await sent == 0)
                due.Learn(partition, DueSnapshot.Nobody, asked);
            else
                await RunAsync(partition, RedisDueScripts.Snapshot);
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

    /// <summary>Runs a script on a partition's due users and learns from its snapshot.</summary>
    public async Task<RedisResult[]> RunAsync(int partition, string script, params RedisValue[] arguments)
    {
        var (asked, sent) = Send(partition, () => redis.Database.ScriptEvaluateAsync(script, keys.Due(partition), arguments));
        var reply = (RedisResult[])(await sent)!;
        due.Learn(partition, DueSnapshot.From(reply), asked);
        return reply;
    }

    private static DateTime? Time(double? milliseconds) =>
        milliseconds is { } given ? DateTimeOffset.FromUnixTimeMilliseconds((long)given).UtcDateTime : null;

    private static double SinceOf(byte[] claim) =>
        double.Parse(claim.AsSpan(RedisDueScripts.LeaseBytes), NumberStyles.Float, CultureInfo.InvariantCulture);

    private Task EndAsync(IReadOnlyList<Claim> claims, string script) => Task.WhenAll(
        from claim in claims
        group claim.UserId by (Partition: partitions.Of(claim.UserId), claim.Lease) into claimed
        from users in claimed.Chunk(RedisDueScripts.MostUsers)
        select RunAndAnnounceAsync(
            claimed.Key.Partition, script, [Ttl, claimed.Key.Lease.ToByteArray(), .. users.Select(u => (RedisValue)u)]));

    /// <summary>
    /// Runs a script that may make users claimable without a message. A worker continues with a partition while a user is claimable;
    /// therefore only the first one is announced.
    /// </summary>
    private async Task RunAndAnnounceAsync(int partition, string script, RedisValue[] arguments)
    {
        var reply = await RunAsync(partition, script, arguments);
        if ((long)reply[DueSnapshot.Length] != 0)
            Announce(partition);
        else if (DueSnapshot.From(reply).Oldest != DueSnapshot.Never)
            signal.Raise();
    }

    /// <summary>Tells every process, this one at once, that users of a partition may be claimed.</summary>
    private void Announce(int partition)
    {
        redis.Subscriber.Publish(Channel, partition, CommandFlags.FireAndForget);
        signal.Raise();
    }

    // One at a time, so that commands are numbered in the order in which the server receives them.
    private (DuePartitions.Asked Asked, T Sent) Send<T>(int partition, Func<T> send)
    {
        lock (_sending)
            return (due.Ask(partition), send());
    }
}
