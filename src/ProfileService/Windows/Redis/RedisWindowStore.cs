using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Windows in Redis or Redis Cluster, shared by any number of processes. <see cref="RedisAppender"/> takes events in.
/// Which users are due is kept by partition; <see cref="DuePartitions"/> says where to look.
/// </summary>
internal sealed partial class RedisWindowStore(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisPartitionGuard guard,
    WindowAppender appender,
    AlteredWindows altered,
    DuePartitions due,
    FailingServers failing,
    DueSignal signal,
    LateReleases late,
    ProfileMetrics metrics,
    IOptions<WindowOptions> options,
    TimeProvider time,
    ILogger<RedisWindowStore> logger) : IWindowStore
{
    /// <summary>Tells processes, by its number, of a partition where users may be claimed.</summary>
    public static readonly RedisChannel DueChannel = RedisChannel.Literal(RedisAppendScripts.DueChannel);

    private const int ScanPage = 1_000;

    private readonly RedisWindowKeys _keys = new(partitions);
    private readonly RedisWindowReader _reader = new(redis, new RedisWindowKeys(partitions), altered);
    private readonly RedisAppender _appends = new(redis, partitions, appender, new RedisWindowReader(redis, new RedisWindowKeys(partitions), altered), due, signal, options.Value, time);
    private readonly RedisRevisions _revisions = new(redis, partitions, altered);
    private readonly Lock _sending = new();

    public long KnownDue => due.Users;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private long Ttl => RedisTtl.Of(options.Value);

    public Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken) => _appends.AppendAsync(events, cancellationToken);

    public async Task<StoredWindow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        altered.Decode(userId, await _reader.ReadAsync(userId));

    public Task<long?> FindRevisionAsync(string userId, CancellationToken cancellationToken) => _revisions.FindAsync(userId);

    public Task<IReadOnlyList<long?>> FindRevisionsAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) => _revisions.FindAsync(userIds);

    public Task RaiseAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken) => _appends.RaiseAsync(users, cancellationToken);

    public Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) => _appends.TouchAsync(userIds, cancellationToken);

    public Task<bool> MendAsync(string userId, IReadOnlyList<UserEvent> events, CancellationToken cancellationToken) => _appends.MendAsync(userId, events, cancellationToken);

    public Task MarkDueAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) =>
        Task.WhenAll(userIds.GroupBy(partitions.Of).Select(users =>
            RunAndAnnounceAsync(users.Key, RedisDueScripts.MarkDue, [Now, Ttl, .. users.Select(u => (RedisValue)u)])));

    public async Task MarkAllDueAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in ScanAsync(cancellationToken))
            await MarkDueAsync(page, cancellationToken);
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
        var before = Now - (long)options.Value.IdleTtl.TotalMilliseconds;
        var dropped = 0L;
        await foreach (var page in ScanAsync(cancellationToken))
            dropped += (await Task.WhenAll(page.Select(user => DropIfIdleAsync(user, before)))).Sum();
        return (int)dropped;
    }

    /// <summary>Looks at a partition, by one command where nobody is due there; where users can be claimed, whoever waits is told.</summary>
    public async Task LookAsync(int partition)
    {
        try
        {
            var (asked, sent) = Send(partition, () => redis.Database.KeyExistsAsync(_keys.Due(partition)));
            if (await sent == 0)
                due.Learn(partition, DueLook.Nobody, asked);
            else
                await RunAsync(partition, RedisDueScripts.Look);
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

    /// <summary>Tells every process, this one at once, that users of a partition may be claimed.</summary>
    private void Announce(int partition)
    {
        redis.Subscriber.Publish(DueChannel, partition, CommandFlags.FireAndForget);
        signal.Raise();
    }

    /// <summary>Runs a script on a partition's due users and learns from its look.</summary>
    private async Task<RedisResult[]> RunAsync(int partition, string script, params RedisValue[] arguments)
    {
        var (asked, sent) = Send(partition, () => redis.Database.ScriptEvaluateAsync(script, _keys.Due(partition), arguments));
        var reply = (RedisResult[])(await sent)!;
        due.Learn(partition, DueLook.From(reply), asked);
        return reply;
    }

    // One at a time, so that the numbers of commands are in the order in which the server gets them.
    private (DuePartitions.Asked Asked, T Sent) Send<T>(int partition, Func<T> send)
    {
        lock (_sending)
            return (due.Ask(partition), send());
    }

    private async Task<long> DropIfIdleAsync(string userId, long before)
    {
        var touched = await redis.Database.StringGetRangeAsync(_keys.Window(userId), RedisWindowLayout.TouchedAt, RedisWindowLayout.EndAt - 1);
        if (!(RedisWindowValue.ReadTouched(touched) <= before) || await _reader.ReadAsync(userId) is not { IsRefused: false }) // nor one whose time may be wrong
            return 0;
        return (long)await redis.Database.ScriptEvaluateAsync(
            RedisWindowScripts.Drop, [_keys.Window(userId), .. _keys.Due(partitions.Of(userId))], [userId, touched]);
    }

    /// <summary>The users that have a window, a page at a time; one that is there throughout is seen at least once.</summary>
    private async IAsyncEnumerable<IReadOnlyList<string>> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var server in redis.Primaries)
        {
            var page = new List<string>(ScanPage);
            await foreach (var key in server.KeysAsync(redis.Database.Database, RedisWindowKeys.AnyWindow, ScanPage).WithCancellation(cancellationToken))
            {
                if (RedisWindowKeys.UserOf(key) is var user && _keys.Window(user) != key)
                    continue; // another key that looks like a window's
                page.Add(user);
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

    private static void Rethrow(Exception? failure)
    {
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }
}
