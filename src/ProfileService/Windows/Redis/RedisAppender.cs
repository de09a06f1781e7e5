using System.Runtime.ExceptionServices;
using ProfileService.Hosting;
using StackExchange.Redis;

namespace ProfileService.Windows;

/// <summary>
/// Takes events into the windows of <see cref="RedisWindowStore"/>. Each user is asked one script call, which does it where the events are
/// newer than all that is stored, as they mostly are. Else it returns the window; the new one is computed and committed where it has not
/// changed meanwhile, else done again.
/// </summary>
internal sealed class RedisAppender(
    RedisConnection redis, RedisPartitions partitions, WindowAppender appender, DuePartitions due, DueSignal signal, WindowOptions options, TimeProvider time)
{
    private const int UsersInFlight = 100; // of one append: bounds what it holds, whatever its windows weigh

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

    private async Task AppendAsync(ArraySegment<EventsOfUser> users, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        var asked = new Task<RedisResult>[users.Count];
        for (var i = 0; i < asked.Length; i++)
            asked[i] = AskAsync(users[i], events, verdicts, now);

        // All are waited for, so that one server's failure does not leave what others replied undone.
        await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var judged = new List<Task>();
        foreach (var (user, reply) in users.Zip(asked))
        {
            if (!reply.IsCompletedSuccessfully)
                judged.Add(reply);
            else if ((RedisValue)reply.Result is { IsInteger: true } isNew)
                Note(isNew == 1, partitions.Of(user.UserId), now);
            else
                judged.Add(JudgeAsync(user, (byte[]?)reply.Result, events, verdicts, cancellationToken));
        }

        await Task.WhenAll(judged);
    }

    /// <summary>Replies an integer where the events are in, else the window's value.</summary>
    private Task<RedisResult> AskAsync(EventsOfUser user, IReadOnlyList<UserEvent> events, Verdict[] verdicts, DateTimeOffset now) =>
        RedisAppend.Of(user, events, verdicts, _keys, options, now) is { } append
            ? redis.Database.ScriptEvaluateAsync(RedisAppendScripts.Append, append.Keys, append.Arguments)
            : redis.Database.ExecuteAsync("GET", [_keys.Window(user.UserId)], CommandFlags.DemandMaster);

    private async Task JudgeAsync(EventsOfUser user, byte[]? value, IReadOnlyList<UserEvent> events, Verdict[] verdicts, CancellationToken cancellationToken)
    {
        while (appender.Append(user, RedisWindowValue.Read(value), events, verdicts) is { } changed && !await TryCommitAsync(user.UserId, value, changed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            value = await redis.Database.StringGetAsync(_keys.Window(user.UserId), CommandFlags.DemandMaster);
        }
    }

    private async Task<bool> TryCommitAsync(string userId, byte[]? value, EncodedWindow changed)
    {
        var (partition, now) = (partitions.Of(userId), time.GetUtcNow());
        var write = RedisWindowValue.Change(value, changed, now.ToUnixTimeMilliseconds());
        var outcome = (int)await redis.Database.ScriptEvaluateAsync(
            RedisAppendScripts.Commit,
            _keys.Append(userId, partition),
            [userId, now.ToUnixTimeMilliseconds(), RedisTtl.Of(options), partition, RedisWindowValue.StampOf(value), write.Start, write.TailAt, write.Tail]);
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
