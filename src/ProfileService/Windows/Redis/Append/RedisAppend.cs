using System.Buffers.Binary;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Erase;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;
using static ProfileService.Windows.Redis.Append.RedisAppendLayout;

namespace ProfileService.Windows.Redis.Append;

/// <summary>A user's events as arguments of <see cref="RedisAppendScripts.Append"/>.</summary>
/// <param name="Added">See <see cref="RedisAppendLayout"/>.</param>
/// <param name="Met">The bits of the items (<see cref="SeenItems.PositionsOf"/>); null if what users meet is not remembered.</param>
internal readonly record struct RedisAppend(EventsOfUser User, int Partition, byte[] Added, RedisValue[] GivenIds, byte[]? Met)
{
    private const int TypicalBytes = 512; // of a user's events in one append
    private const int SharedArguments = 5;
    private const int KeysOfUser = 3;
    private const int ArgumentsOfUser = 3;

    private static readonly RedisValue State = RedisWindowValue.State.ToArray();

    /// <summary>
    /// Judges a user's events among themselves and writes their verdicts. The verdicts are final if the stored window contains only older
    /// events, which the script checks. Null if they depend on more than that.
    /// </summary>
    /// <param name="events">All events of the append, of this user and of others.</param>
    public static RedisAppend? Of(
        EventsOfUser user, int partition, IReadOnlyList<WindowEvent> events, Verdict[] verdicts, WindowOptions options) =>
        Judge(user, events, verdicts, options) is { } ordered && GivenIdsOf(ordered) is var ids
            ? new RedisAppend(user, partition, Encode(user.UserId, ordered, ids.Length, options), ids, MetOf(ordered, options))
            : null;

    /// <summary>The keys and arguments of a call for several users.</summary>
    public static (RedisKey[] Keys, RedisValue[] Arguments) Call(
        ReadOnlySpan<RedisAppend> users, RedisWindowKeys keys, RedisMarks marks, WindowOptions options, DateTimeOffset now)
    {
        var (count, remembers) = (SharedArguments, options.RememberSeen ? 1 : 0);
        foreach (var user in users)
            count += ArgumentsOfUser + user.GivenIds.Length + remembers;
        var (named, arguments) = (new RedisKey[(KeysOfUser + 1 + remembers) * users.Length], new RedisValue[count]);
        arguments[0] = now.ToUnixTimeMilliseconds();
        arguments[1] = RedisTtl.Of(options);
        arguments[2] = options.MaxEvents;
        arguments[3] = State;
        arguments[4] = remembers;
        var next = SharedArguments;
        for (var i = 0; i < users.Length; i++)
        {
            ref readonly var user = ref users[i];
            keys.WriteAppend(user.User.UserId, user.Partition, named.AsSpan(KeysOfUser * i));
            named[(KeysOfUser * users.Length) + i] = marks.KeyOf(user.Partition);
            arguments[next++] = user.User.UserId;
            arguments[next++] = user.Added;
            arguments[next++] = marks.HashFor(user.User.UserId, user.Partition);
            user.GivenIds.CopyTo(arguments, next);
            next += user.GivenIds.Length;
            if (user.Met is not { } met)
                continue;
            named[((KeysOfUser + 1) * users.Length) + i] = keys.Seen(user.User.UserId, user.Partition);
            arguments[next++] = met;
        }

        return (named, arguments);
    }

    /// <summary>What is added to a filter that is there; null if what users meet is not remembered.</summary>
    public MetItems? MetItems => Met is null ? null : new MetItems(Met, default);

    /// <summary>The events in the format of a window.</summary>
    public ReadOnlySpan<byte> Events => Added.AsSpan(HeadBytes);

    /// <summary>The events in order if all of them are accepted when judged among themselves; null otherwise.</summary>
    private static IReadOnlyList<WindowEvent>? Judge(
        EventsOfUser user, IReadOnlyList<WindowEvent> events, Verdict[] verdicts, WindowOptions options)
    {
        if (user.Indexes is [var only]) // the usual case
        {
            verdicts[only] = Verdict.Accepted;
            return events[only].HasIdLikeDerived ? null : [events[only]];
        }

        var (window, changes) = (Window.Empty(user.UserId), 0);
        foreach (var i in user.Indexes)
        {
            verdicts[i] = window.Append(events[i], options, out var changed);
            if (verdicts[i] == Verdict.Late || events[i].HasIdLikeDerived)
                return null;
            if (verdicts[i] == Verdict.Duplicate && !Has(window, events[i]))
                return null;
            changes += changed ? 1 : 0;
        }

        // If an event replaced or displaced another, the verdict of the other may differ after older events.
        return changes == window.Events.Count ? window.Events : null;
    }

    // The script knows the events of the window alone: neither what else was met nor what else may be from before an erasure.
    private static bool Has(Window window, WindowEvent duplicate) =>
        window.Events.Any(e => e.ItemId == duplicate.ItemId && e.Timestamp == duplicate.Timestamp);

    private static byte[]? MetOf(IReadOnlyList<WindowEvent> events, WindowOptions options) =>
        options.RememberSeen ? SeenItems.PositionsOf([.. events.Select(e => e.ItemId).Distinct(StringComparer.Ordinal)]) : null;

    private static byte[] Encode(string userId, IReadOnlyList<WindowEvent> ordered, int givenIds, WindowOptions options)
    {
        var bytes = new ByteWriter(stackalloc byte[TypicalBytes]);
        bytes.Take(HeadBytes);
        WindowCodec.WriteEvents(ref bytes, ordered);
        var added = bytes.End();
        WriteHead(added, userId, ordered, givenIds, options);
        return added;
    }

    private static void WriteHead(Span<byte> head, string userId, IReadOnlyList<WindowEvent> ordered, int givenIds, WindowOptions options)
    {
        var (oldest, newest) = (ordered[0].Timestamp, ordered[^1].Timestamp);
        var sum = RedisWindowSum.OfAdded(head[HeadBytes..], newest);
        BinaryPrimitives.WriteInt64LittleEndian(head[OldestAt..], oldest);
        BinaryPrimitives.WriteInt64LittleEndian(head[OldestAllowedAt..], newest - EventTime.Microseconds(options.MaxAge));
        BinaryPrimitives.WriteInt32LittleEndian(head[CountAt..], ordered.Count);
        BinaryPrimitives.WriteInt32LittleEndian(head[IdsAt..], givenIds);
        BinaryPrimitives.WriteUInt32LittleEndian(head[SumAddedAt..], sum);
        BinaryPrimitives.WriteUInt32LittleEndian(head[SumAnewAt..], RedisWindowSum.OfAnew(userId, sum, ordered.Count, oldest));
        BinaryPrimitives.WriteInt64LittleEndian(head[NewestAt..], newest);
    }

    private static RedisValue[] GivenIdsOf(IReadOnlyList<WindowEvent> ordered)
    {
        List<RedisValue>? ids = null;
        foreach (var e in ordered)
        {
            if (e.GivenId is not null)
                (ids ??= []).Add(WindowCodec.EncodeId(e.GivenId));
        }

        return ids is null ? [] : [.. ids];
    }
}
