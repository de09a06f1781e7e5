using StackExchange.Redis;

namespace ProfileService.Windows;

/// <summary>A user's events as one call of <see cref="RedisAppendScripts.Append"/>.</summary>
internal readonly record struct RedisAppend(RedisKey[] Keys, RedisValue[] Arguments)
{
    private const int ArgumentsBeforeIds = 7;
    private const int TypicalBytes = 512; // of a user's events in one append

    /// <summary>
    /// Judges a user's events among themselves, notes their verdicts, and makes the call that is left to do where the stored window knows
    /// none of them and has older ones only. Null where the verdicts depend on more than that.
    /// </summary>
    /// <param name="events">All of the append.</param>
    public static RedisAppend? Of(EventsOfUser user, IReadOnlyList<UserEvent> events, Verdict[] verdicts, RedisWindowKeys keys, WindowOptions options, DateTimeOffset now)
    {
        var (window, changes) = (Window.Empty(user.UserId), 0);
        foreach (var i in user.Places)
        {
            verdicts[i] = window.Append(events[i], options, out var changed);
            if (verdicts[i] == Verdict.Late || events[i].IsGivenLikeDerived)
                return null;
            changes += changed ? 1 : 0;
        }

        // Where one event replaced another or pushed it out, the other's verdict behind older events may be another.
        return changes == window.Events.Count ? Of(user.UserId, window.Events, keys, options, now) : null;
    }

    private static RedisAppend Of(string userId, IReadOnlyList<UserEvent> events, RedisWindowKeys keys, WindowOptions options, DateTimeOffset now)
    {
        var partition = keys.PartitionOf(userId);
        var arguments = new RedisValue[ArgumentsBeforeIds + CountGivenIds(events)];
        arguments[0] = userId;
        arguments[1] = now.ToUnixTimeMilliseconds();
        arguments[2] = RedisTtl.Of(options);
        arguments[3] = partition;
        arguments[4] = options.MaxEvents;
        arguments[5] = events[^1].Timestamp - EventTime.Microseconds(options.MaxAge);
        arguments[6] = ValueOf(events, now);
        var next = ArgumentsBeforeIds;
        foreach (var e in events)
        {
            if (e.GivenId is not null)
                arguments[next++] = WindowCodec.EncodeId(e.GivenId);
        }

        return new RedisAppend(keys.Append(userId, partition), arguments);
    }

    private static byte[] ValueOf(IReadOnlyList<UserEvent> events, DateTimeOffset now)
    {
        var bytes = new ByteWriter(stackalloc byte[TypicalBytes]);
        WindowCodec.WriteEvents(ref bytes, events);
        var value = RedisWindowValue.New(StoredWindow.RevisionAfter(null, events.Count, now), now.ToUnixTimeMilliseconds(), bytes.Written);
        bytes.Dispose();
        return value;
    }

    private static int CountGivenIds(IReadOnlyList<UserEvent> events)
    {
        var given = 0;
        foreach (var e in events)
            given += e.GivenId is null ? 0 : 1;
        return given;
    }
}
