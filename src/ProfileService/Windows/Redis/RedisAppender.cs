using System.Runtime.ExceptionServices;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis;

/// <summary>
/// Takes events into the windows of <see cref="RedisWindowStore"/>. Some users at a time share a script call, which does it where the
/// events are newer than all that is stored, as they mostly are. Else it returns the window; the new one is computed and committed where
/// it has not changed meanwhile, else done again.
/// </summary>
internal sealed class RedisAppender(
    RedisConnection redis, RedisPartitions partitions, WindowAppender appender, RedisWindowReader reader, DuePartitions due, DueSignal signal, WindowOptions options, TimeProvider time)
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
            catch (Exception e) when (redis.IsCluster && StoreFailure.IsOfRedis(e))
            {
                failure ??= e;
            }
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return verdicts;
    }

    /// <summary>See <see cref="IWindowStore.TouchAsync"/>.</summary>
    public Task TouchAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken) => Task.WhenAll(userIds.Select(userId => ChangeAsync(
        userId,
        found => found is null ? EncodedWindow.Empty(time.GetUtcNow()) : found.IsRefused ? null : found with { Revision = found.Revision + 1 },
        cancellationToken)));

    /// <summary>See <see cref="IWindowStore.RaiseAsync"/>.</summary>
    public Task RaiseAsync(IReadOnlyList<(string UserId, long ProfileRevision)> users, CancellationToken cancellationToken) => Task.WhenAll(users.Select(user => ChangeAsync(
        user.UserId,
        found => found is { IsRefused: false } && found.Revision < user.ProfileRevision ? found with { Revision = user.ProfileRevision + 1 } : null,
        cancellationToken)));

    /// <summary>See <see cref="IWindowStore.MendAsync"/>.</summary>
    public async Task<bool> MendAsync(string userId, IReadOnlyList<UserEvent> events, CancellationToken cancellationToken)
    {
        while (await reader.ReadValueAsync(userId) is { } value && !appender.CanRead(userId, RedisWindowValue.Read(userId, value)))
        {
            if (await TryCommitAsync(userId, value, appender.Anew(userId, RedisWindowValue.RevisionOf(value), events)))
                return true;
            cancellationToken.ThrowIfCancellationRequested();
        }

        await AppendAsync(events, cancellationToken);
        return false;
    }

    /// <summary>Changes a window, null where there is none, to what is made of it; null for nothing.</summary>
    private async Task ChangeAsync(string userId, Func<EncodedWindow?, EncodedWindow?> change, CancellationToken cancellationToken)
    {
        var value = await reader.ReadValueAsync(userId);
        while (change(reader.Read(userId, value)) is { } changed && !await TryCommitAsync(userId, value, changed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            value = await reader.ReadValueAsync(userId);
        }
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
            if (replies[i].Resp2Type == ResultType.Array)
                (judged ??= []).Add(PushAsync(users[i], (byte[])replies[i][0]!, events, verdicts, cancellationToken));
            else if ((RedisValue)replies[i] is { IsInteger: true } isNew)
                Note(isNew == 1, users[i].Partition, now);
            else
                (judged ??= []).Add(JudgeAsync(users[i].User, (byte[]?)replies[i], events, verdicts, cancellationToken));
        }

        if (judged is not null)
            await Task.WhenAll(judged);
    }

    private async Task JudgeAsync(EventsOfUser user, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken) =>
        await JudgeAsync(user, await reader.ReadValueAsync(user.UserId), events, verdicts, cancellationToken);

    private async Task JudgeAsync(EventsOfUser user, byte[]? value, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        while (appender.Append(user, reader.Read(user.UserId, value), events, verdicts) is { } changed && !await TryCommitAsync(user.UserId, value, changed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            value = await reader.ReadValueAsync(user.UserId);
        }
    }

    /// <summary>Writes a value without the events that fell out, and with the new ones, which were found to belong behind all others.</summary>
    private async Task PushAsync(RedisAppend append, byte[] value, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        var (userId, now) = (append.User.UserId, time.GetUtcNow());
        if (RedisWindowValue.Push(userId, value, append.Events, options.MaxEvents, now.ToUnixTimeMilliseconds()) is not { } pushed)
            await JudgeAsync(append.User, value, events, verdicts, cancellationToken); // it was altered
        else if (!await TryCommitAsync(userId, value, new RedisWindowWrite(pushed, 0, []), now))
            await JudgeAsync(append.User, events, verdicts, cancellationToken); // it has changed
    }

    private Task<bool> TryCommitAsync(string userId, byte[]? value, EncodedWindow changed)
    {
        var now = time.GetUtcNow();
        return TryCommitAsync(userId, value, RedisWindowValue.Change(userId, value, changed, now.ToUnixTimeMilliseconds()), now);
    }

    private async Task<bool> TryCommitAsync(string userId, byte[]? value, RedisWindowWrite write, DateTimeOffset now)
    {
        var partition = partitions.Of(userId);
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
