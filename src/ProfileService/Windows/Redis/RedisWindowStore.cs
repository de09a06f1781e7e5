using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ProfileService.Hosting;
using StackExchange.Redis;

namespace ProfileService.Windows;

/// <summary>
/// Windows in Redis or Redis Cluster, shared by any number of processes. An append reads the windows, computes the new ones and
/// commits each where it has not changed meanwhile, else does it again: two pipelined round trips, whatever the number of users.
/// Which users are due is kept by partition; <see cref="DuePartitions"/> says where to look.
/// </summary>
internal sealed partial class RedisWindowStore(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisPartitionGuard guard,
    WindowAppender appender,
    DuePartitions due,
    DueSignal signal,
    ProfileMetrics metrics,
    IOptions<WindowOptions> options,
    TimeProvider time,
    ILogger<RedisWindowStore> logger) : IWindowStore
{
    /// <summary>Where the partition of a user that came to be due is told, as a number; only of the first in a partition.</summary>
    public static readonly RedisChannel DueChannel = RedisChannel.Literal("profiles:due");

    private const int UsersInFlight = 100; // of one append: bounds what it holds, whatever its windows weigh
    private const int UsersOfAPartition = 4; // that a claim asks for at once
    private const int ScanPage = 1_000;
    private static readonly TimeSpan Avoidance = TimeSpan.FromSeconds(1);

    private readonly RedisWindowKeys _keys = new(partitions);

    public long KnownDue => due.Users;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long Ttl => (long)options.Value.IdleTtl.TotalMilliseconds;

    public async Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        var verdicts = new Verdict[events.Count];
        foreach (var users in Enumerable.Range(0, events.Count).GroupBy(i => events[i].UserId).Chunk(UsersInFlight))
            await Task.WhenAll(users.Select(user => AppendToOneAsync(user.Key, events, user, verdicts, cancellationToken)));
        return verdicts;
    }

    public async Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        await ReadAsync(userId) is { } found ? new StoredWindow(WindowCodec.Decode(userId, found.Bytes), found.Revision) : null;

    public async Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(userIds.Select(id => redis.Database.StringGetRangeAsync(_keys.Window(id), 0, RedisWindowValue.RevisionEnd - 1)));
        return [.. found.Select(revision => RedisWindowValue.ReadNumber(revision))];
    }

    public async Task<IReadOnlyList<Claim>> ClaimDueAsync(int maxUsers, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claims = new List<Claim>(maxUsers);
        while (claims.Count < maxUsers)
        {
            var left = maxUsers - claims.Count;
            var claimable = due.Claimable(Now, Math.Max(1, left / UsersOfAPartition));
            if (claimable.Count == 0)
                break;
            var share = (left + claimable.Count - 1) / claimable.Count;
            var taken = await Task.WhenAll(claimable.Select((partition, i) => TryClaimAsync(partition, Math.Min(share, left - (i * share)), lease)));
            claims.AddRange(taken.SelectMany(c => c));
        }

        if (claims.Count > 0)
            await MeasureAsync(claims[0]);
        return [.. claims.OrderBy(c => c.DueSince)];
    }

    public async Task<Claim?> ClaimAsync(string userId, TimeSpan lease, CancellationToken cancellationToken)
    {
        var claims = await ClaimAsync(partitions.Of(userId), RedisWindowScripts.ClaimUser, userId, lease);
        return claims.SingleOrDefault();
    }

    public Task SettleAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => EndAsync(claims, RedisWindowScripts.Settle, []);

    public async Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        await EndAsync(claims, RedisWindowScripts.Release, [Ttl]);
        Announce(claims.Select(c => c.UserId));
    }

    public async Task RaiseAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken)
    {
        await Task.WhenAll(users.Select(user => RaiseAsync(user.UserId, user.ProfileRevision)));
        Announce(users.Select(u => u.UserId));
    }

    public async Task MarkAllDueAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in ScanAsync(cancellationToken))
        {
            await Task.WhenAll(page.GroupBy(partitions.Of).Select(users =>
                RunAsync(users.Key, RedisWindowScripts.MarkDue, [Now, Ttl, .. users.Select(u => (RedisValue)u)])));
        }

        signal.Raise();
    }

    public async Task<long> CountDueAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, partitions.Count).Select(LookAsync));
        return due.Users;
    }

    public Task WaitForDueAsync(TimeSpan atMost, CancellationToken cancellationToken) => signal.WaitAsync(atMost, cancellationToken);

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in ScanAsync(cancellationToken))
        {
            if (page.Count > 0)
                return false;
        }

        return true;
    }

    /// <summary>Redis drops idle windows by their TTL; this drops those that are idle by a shorter <see cref="WindowOptions.IdleTtl"/> than when something last came.</summary>
    public async Task<int> DropIdleAsync(CancellationToken cancellationToken)
    {
        await guard.CheckAsync();
        var before = Now - Ttl;
        var dropped = 0L;
        await foreach (var page in ScanAsync(cancellationToken))
            dropped += (await Task.WhenAll(page.Select(user => DropIfIdleAsync(user, before)))).Sum();
        return (int)dropped;
    }

    /// <summary>Looks at a partition, by one command where nobody is due there; where users can be claimed, whoever waits is told.</summary>
    public async Task LookAsync(int partition)
    {
        var additions = due.Additions(partition);
        if (await redis.Database.KeyExistsAsync(_keys.Due(partition)) == 0)
            due.Learn(partition, DueLook.Nobody, additions);
        else
            await RunAsync(partition, RedisWindowScripts.Look);
        if (due.Claimable(Now, 1).Count > 0)
            signal.Raise();
    }

    private async Task AppendToOneAsync(
        string userId, IReadOnlyList<UserEvent> events, IEnumerable<int> places, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        bool isDone;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[]? value = await redis.Database.StringGetAsync(_keys.Window(userId));
            isDone = appender.Append(userId, RedisWindowValue.Read(value), events, places, verdicts) is not { } changed
                || await TryCommitAsync(userId, value, changed);
        }
        while (!isDone);
    }

    private async Task<EncodedWindow?> ReadAsync(string userId) => RedisWindowValue.Read(await redis.Database.StringGetAsync(_keys.Window(userId)));

    private async Task<bool> TryCommitAsync(string userId, byte[]? value, EncodedWindow changed)
    {
        var (partition, now) = (partitions.Of(userId), Now);
        var write = RedisWindowValue.Change(value, changed, now);
        var outcome = (int)await redis.Database.ScriptEvaluateAsync(
            RedisWindowScripts.Commit,
            [_keys.Window(userId), .. _keys.Due(partition)],
            [userId, RedisWindowValue.RevisionBytes(value), now, Ttl, DueChannel.ToString(), partition, write.Start, write.TailAt, write.Tail]);
        if (outcome > 0)
        {
            due.Add(partition, now);
            signal.Raise();
        }

        return outcome >= 0;
    }

    /// <summary>Claims of one partition; none where its server fails while others work.</summary>
    private async Task<IReadOnlyList<Claim>> TryClaimAsync(int partition, int maxUsers, TimeSpan lease)
    {
        if (maxUsers <= 0)
            return [];
        try
        {
            return await ClaimAsync(partition, RedisWindowScripts.ClaimDue, maxUsers, lease);
        }
        catch (Exception e) when (e is RedisException or TimeoutException && redis.IsCluster)
        {
            LogAvoided(e, partition);
            due.Avoid(partition, Now + (long)Avoidance.TotalMilliseconds);
            return [];
        }
    }

    private async Task<IReadOnlyList<Claim>> ClaimAsync(int partition, string script, RedisValue whom, TimeSpan lease)
    {
        var (id, now) = (Guid.NewGuid(), Now);
        var reply = await RunAsync(partition, script, [now, now + (long)lease.TotalMilliseconds, id.ToByteArray(), Ttl, whom]);
        var users = reply.Skip(DueLook.Length).Chunk(2).Select(u => (UserId: (string)u[0]!, Since: (long)u[1])).ToList();
        var windows = await Task.WhenAll(users.Select(u => ReadAsync(u.UserId)));

        var claims = users.Zip(windows, (user, window) => (IsGone: window is null, Claim:
            new Claim(user.UserId, id, window?.Revision ?? 0, window?.Bytes ?? [], DateTimeOffset.FromUnixTimeMilliseconds(user.Since)))).ToLookup(c => c.IsGone, c => c.Claim);
        if (claims.Contains(true)) // no window, nothing to refresh
            await EndAsync([.. claims[true]], RedisWindowScripts.Settle, []);
        return [.. claims[false]];
    }

    private async Task RaiseAsync(string userId, long profileRevision)
    {
        var (partition, now) = (partitions.Of(userId), Now);
        var raised = (int)await redis.Database.ScriptEvaluateAsync(
            RedisWindowScripts.Raise, [_keys.Window(userId), .. _keys.Due(partition)], [userId, profileRevision, now, Ttl]);
        if (raised > 0)
            due.Add(partition, now);
    }

    /// <summary>Tells every process, this one included, that users may be due again.</summary>
    private void Announce(IEnumerable<string> userIds)
    {
        foreach (var partition in userIds.Select(partitions.Of).Distinct())
            redis.Subscriber.Publish(DueChannel, partition, CommandFlags.FireAndForget);
        signal.Raise();
    }

    private Task EndAsync(IReadOnlyList<Claim> claims, string script, RedisValue[] arguments) =>
        Task.WhenAll(claims.GroupBy(c => partitions.Of(c.UserId)).Select(partition =>
            RunAsync(partition.Key, script, [.. arguments, .. partition.SelectMany(c => new RedisValue[] { c.Lease.ToByteArray(), c.UserId })])));

    /// <summary>Runs a script on a partition's due users and learns from its look.</summary>
    private async Task<RedisResult[]> RunAsync(int partition, string script, params RedisValue[] arguments)
    {
        var additions = due.Additions(partition);
        var reply = (RedisResult[])(await redis.Database.ScriptEvaluateAsync(script, _keys.Due(partition), arguments))!;
        due.Learn(partition, DueLook.From(reply), additions);
        return reply;
    }

    private async Task<long> DropIfIdleAsync(string userId, long before)
    {
        var touched = await redis.Database.StringGetRangeAsync(_keys.Window(userId), RedisWindowValue.RevisionEnd, RedisWindowValue.TouchedEnd - 1);
        return RedisWindowValue.ReadNumber(touched) <= before
            ? (long)await redis.Database.ScriptEvaluateAsync(
                RedisWindowScripts.Drop, [_keys.Window(userId), .. _keys.Due(partitions.Of(userId))], [userId, touched])
            : 0;
    }

    /// <summary>The users that have a window, a page at a time; one that is there throughout is seen at least once.</summary>
    private async IAsyncEnumerable<IReadOnlyList<string>> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var server in redis.Primaries)
        {
            var page = new List<string>(ScanPage);
            await foreach (var key in server.KeysAsync(redis.Database.Database, RedisWindowKeys.AnyWindow, ScanPage).WithCancellation(cancellationToken))
            {
                page.Add(RedisWindowKeys.UserOf(key));
                if (page.Count < ScanPage)
                    continue;
                yield return page;
                page = new List<string>(ScanPage);
            }

            yield return page;
        }

        if (redis.LostSlots is > 0 and var lost)
            throw new IOException($"{lost:N0} slots of the cluster are served by no server, so that not every window can be reached.");
    }

    /// <summary>Memory that a window takes, as Redis counts it, of one user in each batch; a figure less is no reason to drop the batch.</summary>
    private async Task MeasureAsync(Claim claim)
    {
        try
        {
            var bytes = await redis.Database.ExecuteAsync("MEMORY", "USAGE", _keys.Window(claim.UserId));
            if (!bytes.IsNull)
                metrics.RecordWindow((long)bytes, WindowCodec.CountEvents(claim.Bytes));
        }
        catch (Exception e) when (e is RedisException or TimeoutException or InvalidDataException)
        {
            LogNotMeasured(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A window's memory could not be measured")]
    private partial void LogNotMeasured(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Due users of partition {Partition} cannot be claimed; those of others are, and it is tried again in a second")]
    private partial void LogAvoided(Exception exception, int partition);
}
