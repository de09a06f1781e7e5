using System.Runtime.ExceptionServices;
using ProfileService.Hosting;
using StackExchange.Redis;

namespace ProfileService.Windows;

/// <summary>
/// Takes events into the windows of <see cref="RedisWindowStore"/>. Some users at a time share a script call, which does it where the
/// events are newer than all that is stored, as they mostly are. Else it returns the window; the new one is computed and committed where
/// it has not changed meanwhile, else done again.
/// </summary>
internal sealed class RedisAppender(
    RedisConnection redis, RedisPartitions partitions, WindowAppender appender, DuePartitions due, DueSignal signal, WindowOptions options, TimeProvider time)
{
    /// <summary>Users of one script call: Redis serves nobody else meanwhile, about a quarter of a millisecond.</summary>
    public const int UsersOfACall = 25;

    private const int UsersInFlight = 4 * UsersOfACall; // of one append: bounds what it holds, whatever its windows weigh

    private readonly RedisWindowKeys _keys = new(partitions);

    /// <summary>See <see cref="IWindowStore.AppendAsync"/>. In a cluster users of the servers that answer get in, whatever becomes of the others.</summary>
    public async Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        var (users, verdicts) = (EventsOfUser.In(events), new Verdict[events.Count]);
        Exception? failure = null;
        for (var first = 0; first < users.Length; first += UsersInFlight)
        {
            var some = new ArraySegment<EventsOfUser>(users, first, Math.Min(UsersInFlight, users.Length - first));
            try
            {
                await AppendAsync(some, events, verdicts, cancellationToken);
            }
            catch (Exception e) when (e is RedisException or TimeoutException && redis.IsCluster)
            {
                failure ??= e;
            }
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return verdicts;
    }

    /// <summary>See <see cref="IWindowStore.TouchAsync"/>.</summary>
    public Task TouchAsync(IReadOnlyList<string> userIds) => Task.WhenAll(userIds.Select(TouchAsync));

    private async Task TouchAsync(string userId)
    {
        var (partition, now) = (partitions.Of(userId), time.GetUtcNow());
        var touched = now.ToUnixTimeMilliseconds();
        var outcome = (int)await redis.Database.ScriptEvaluateAsync(
            RedisAppendScripts.Touch,
            _keys.Append(userId, partition),
            [userId, touched, RedisTtl.Of(options), RedisWindowValue.Change(null, EncodedWindow.Empty(now), touched).Start]);
        if (outcome < 0)
            throw new InvalidDataException($"The stored value of user {userId} is no window.");
        Note(outcome == 1, partition, now);
    }

    private async Task AppendAsync(ArraySegment<EventsOfUser> users, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (now, appends, tasks) = (time.GetUtcNow(), new List<RedisAppend>(users.Count), new List<Task>());
        foreach (var user in users)
        {
            if (RedisAppend.Of(user, partitions.Of(user.UserId), events, verdicts, options) is { } append)
                appends.Add(append);
            else
                tasks.Add(JudgeAsync(user, events, verdicts, cancellationToken));
        }

        foreach (var some in Calls(appends))
            tasks.Add(CallAsync(some, now, events, verdicts, cancellationToken));
        await Task.WhenAll(tasks);
    }

    /// <summary>Users that may share a call: in a cluster those of one partition, for they lie in one slot.</summary>
    private IEnumerable<RedisAppend[]> Calls(List<RedisAppend> appends) =>
        redis.IsCluster
            ? appends.GroupBy(a => a.Partition).SelectMany(partition => partition.Chunk(UsersOfACall))
            : appends.Chunk(UsersOfACall);

    private async Task CallAsync(RedisAppend[] users, DateTimeOffset now, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        var (keys, arguments) = RedisAppend.Call(users, _keys, options, now);
        var replies = (RedisResult[])(await redis.Database.ScriptEvaluateAsync(RedisAppendScripts.Append, keys, arguments))!;
        List<Task>? judged = null;
        for (var i = 0; i < users.Length; i++)
        {
            if ((RedisValue)replies[i] is { IsInteger: true } isNew)
                Note(isNew == 1, users[i].Partition, now);
            else
                (judged ??= []).Add(JudgeAsync(users[i].User, (byte[]?)replies[i], events, verdicts, cancellationToken));
        }

        if (judged is not null)
            await Task.WhenAll(judged);
    }

    private async Task JudgeAsync(EventsOfUser user, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken) =>
        await JudgeAsync(user, await ReadAsync(user.UserId), events, verdicts, cancellationToken);

    private async Task JudgeAsync(EventsOfUser user, byte[]? value, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        while (appender.Append(user, RedisWindowValue.Read(value), events, verdicts) is { } changed && !await TryCommitAsync(user.UserId, value, changed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            value = await ReadAsync(user.UserId);
        }
    }

    private async Task<byte[]?> ReadAsync(string userId) => await redis.Database.StringGetAsync(_keys.Window(userId), CommandFlags.DemandMaster);

    private async Task<bool> TryCommitAsync(string userId, byte[]? value, EncodedWindow changed)
    {
        var (partition, now) = (partitions.Of(userId), time.GetUtcNow());
        var write = RedisWindowValue.Change(value, changed, now.ToUnixTimeMilliseconds());
        var outcome = (int)await redis.Database.ScriptEvaluateAsync(
            RedisAppendScripts.Commit,
            _keys.Append(userId, partition),
            [userId, now.ToUnixTimeMilliseconds(), RedisTtl.Of(options), RedisWindowValue.StampOf(value), write.Start, write.TailAt, write.Tail]);
        Note(outcome == 1, partition, now);
        return outcome >= 0;
    }

    /// <summary>A user of the partition may be claimed.</summary>
    private void Note(bool isNew, int partition, DateTimeOffset now)
    {
        if (!isNew)
            return;
        due.Add(partition, now.ToUnixTimeMilliseconds());
        signal.Raise();
    }
}
