using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows.Redis.Erase;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Append;

/// <summary>
/// Appends events to windows. A script appends the events of several users if they are newer than all stored events, as they usually are.
/// Otherwise it returns the window. The new window is then computed here, and committed if the stored one has not changed; if it has, the
/// new window is computed again.
/// </summary>
internal sealed class RedisAppender(
    RedisConnection redis,
    RedisPartitions partitions,
    RedisPartitionGuard guard,
    RedisWindowKeys keys,
    WindowAppender appender,
    RedisWindowReader reader,
    RedisCommitter committer,
    RedisMarks marks,
    IOptions<WindowOptions> options,
    TimeProvider time)
{
    /// <summary>Users per script call. A call blocks Redis for about a quarter of a millisecond.</summary>
    public const int UsersPerCall = 25;

    private const int UsersInFlight = 4 * UsersPerCall; // per append; limits the memory that its windows take

    private readonly WindowOptions _options = options.Value;

    /// <summary>
    /// See <see cref="IWindowStore.AppendAsync"/>. In a cluster the events for responsive servers are stored even if another server fails.
    /// </summary>
    public async Task<IReadOnlyList<Verdict>> AppendAsync(IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken)
    {
        guard.ThrowIfWrong();
        var (users, verdicts) = (EventsOfUser.In(events), new Verdict[events.Count]);
        Exception? failure = null;
        for (var first = 0; first < users.Length; first += UsersInFlight)
        {
            var chunk = new ArraySegment<EventsOfUser>(users, first, Math.Min(UsersInFlight, users.Length - first));
            try
            {
                await AppendAsync(chunk, events, verdicts, cancellationToken);
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

    /// <summary>See <see cref="IWindowStore.MendAsync"/>.</summary>
    public async Task<bool> MendAsync(string userId, IReadOnlyList<WindowEvent> events, CancellationToken cancellationToken)
    {
        while (await reader.ReadValueAsync(userId) is { } value && !appender.CanRead(userId, RedisWindowValue.Read(userId, value)))
        {
            var mark = await marks.FindAsync(redis.Database, userId);
            var rebuilt = appender.Rebuild(userId, RedisWindowValue.RevisionOf(value), ErasureMark.From(mark), events);
            if (await committer.TryCommitAsync(userId, value, mark, rebuilt))
                return true;
            cancellationToken.ThrowIfCancellationRequested();
        }

        await AppendAsync(events, cancellationToken);
        return false;
    }

    private async Task AppendAsync(
        ArraySegment<EventsOfUser> users, IReadOnlyList<WindowEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (now, appends, tasks) = (time.GetUtcNow(), new List<RedisAppend>(users.Count), new List<Task>());
        foreach (var user in users)
        {
            if (RedisAppend.Of(user, partitions.Of(user.UserId), events, verdicts, _options) is { } append)
                appends.Add(append);
            else
                tasks.Add(ComputeAsync(user, events, verdicts, cancellationToken));
        }

        foreach (var chunk in redis.Calls(appends, a => a.Partition, UsersPerCall))
            tasks.Add(CallAsync(chunk, now, events, verdicts, cancellationToken));
        await Task.WhenAll(tasks);
    }

    private async Task CallAsync(
        RedisAppend[] users, DateTimeOffset now, IReadOnlyList<WindowEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        var (scriptKeys, arguments) = RedisAppend.Call(users, keys, marks, _options, now);
        var replies = (RedisResult[])(await redis.Database.ScriptEvaluateAsync(RedisAppendScripts.Append, scriptKeys, arguments))!;
        List<Task>? computed = null;
        List<RedisAppend>? withHash = null;
        for (var i = 0; i < users.Length; i++)
        {
            if (replies[i].Resp2Type == ResultType.Array)
                (computed ??= []).Add(PushAsync(users[i], (byte[])replies[i][0]!, events, verdicts, cancellationToken));
            else if ((RedisValue)replies[i] is not { IsInteger: true } reply)
                (computed ??= []).Add(ComputeAsync(users[i].User, (byte[]?)replies[i], [], events, verdicts, cancellationToken));
            else if (reply == RedisAppendScripts.IsErased)
                (computed ??= []).Add(ComputeAsync(users[i].User, events, verdicts, cancellationToken));
            else if (reply == RedisAppendScripts.NeedsHash)
                (withHash ??= []).Add(users[i]);
            else if (reply == 1)
                committer.NoteDue(users[i].Partition, now);
        }

        if (withHash is not null)
            (computed ??= []).Add(CallAgainAsync([.. withHash], now, events, verdicts, cancellationToken));
        if (computed is not null)
            await Task.WhenAll(computed);
    }

    /// <summary>Repeats a call for users of partitions that turned out to have marks of erased users.</summary>
    private Task CallAgainAsync(
        RedisAppend[] users, DateTimeOffset now, IReadOnlyList<WindowEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        foreach (var user in users)
            marks.Learn(user.Partition);
        return CallAsync(users, now, events, verdicts, cancellationToken);
    }

    private async Task ComputeAsync(
        EventsOfUser user, IReadOnlyList<WindowEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        var (finding, reading) = (marks.FindAsync(redis.Database, user.UserId), reader.ReadValueAsync(user.UserId));
        await ComputeAsync(user, await reading, await finding, events, verdicts, cancellationToken);
    }

    /// <summary>Computes the window by the rules, and stores it if it changed.</summary>
    private Task ComputeAsync(
        EventsOfUser user,
        byte[]? value,
        byte[] mark,
        IReadOnlyList<WindowEvent> events,
        Verdict[] verdicts,
        CancellationToken cancellationToken) =>
        committer.ChangeAsync(
            user.UserId,
            value,
            mark,
            (stored, erased) => appender.Append(user, stored, erased, events, verdicts),
            cancellationToken);

    /// <summary>Stores a value without the events that fell out and with the new events, which are newer than all others.</summary>
    private async Task PushAsync(
        RedisAppend append, byte[] value, IReadOnlyList<WindowEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        var (userId, now) = (append.User.UserId, time.GetUtcNow());
        if (RedisWindowValue.Push(userId, value, append.Events, _options.MaxEvents, now.ToUnixTimeMilliseconds()) is not { } pushed)
            await ComputeAsync(append.User, events, verdicts, cancellationToken); // it was altered
        else if (!await committer.TryCommitAsync(userId, value, [], new RedisWindowWrite(pushed, 0, []), append.MetItems, now))
            await ComputeAsync(append.User, events, verdicts, cancellationToken); // it has changed
    }
}
