using System.Buffers.Binary;
using System.Globalization;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Erase;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.Limits;

/// <summary>
/// One append to as many users as the service puts into a call, as <c>redis-benchmark</c> can send it again and again: the service's
/// script with an event of the service's making for each. What it stores says that it is older than it is, so that the same call always
/// finds older windows. The events stand in the script, for an argument of a program cannot hold a byte that is 0; some of the same length
/// are sent in their place.
/// </summary>
internal static class AppendCall
{
    /// <summary>Users, each with one event, of a call.</summary>
    public const int Events = RedisAppender.UsersPerCall;

    public const int Users = 1_000;

    /// <summary>What <c>redis-benchmark -r</c> replaces by 12 digits, each time by others.</summary>
    public const string User = "__rand_int__";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly WindowEvent Event = new(User, "view", "item-000001", EventTime.FromUtc(Now.UtcDateTime));
    private static readonly WindowOptions Options = new();
    private static readonly RedisPartitions Partitions = new(1);
    private static readonly RedisWindowKeys WindowKeys = new(Partitions);
    private static readonly RedisAppend OfUser = RedisAppend.Of(EventsOfUser.In([Event])[0], 0, [Event], new Verdict[1], Options)!.Value;

    private static readonly (RedisKey[] Keys, RedisValue[] Arguments) Sent =
        RedisAppend.Call([.. Enumerable.Repeat(OfUser, Events)], WindowKeys, new RedisMarks(Partitions, new UserHash()), Options, Now);

    /// <summary>Where the script hands a window back because its room is used up, one with room again is set, as the service does in a call of its own.</summary>
    public static string Script =>
        $"""
        local state, added, full = '{Escaped(RedisWindowValue.State)}', '{Escaped(Stored())}', '{Escaped(Full())}'
        {Put("state", RedisWindowValue.State)}
        {Put("added", OfUser.Added)}
        local function append()
        {RedisAppendScripts.Append}
        end
        local replies = append()
        for user, reply in ipairs(replies) do
            if type(reply) == 'table' then
                redis.call('SET', KEYS[3 * user - 2], full, 'PX', ARGV[2])
                replies[user] = 0
            end
        end
        return replies
        """;

    public static string[] Keys => [.. Sent.Keys.Select(key => key.ToString())];

    public static string[] Arguments => [.. Sent.Arguments.Select(Printable)];

    /// <summary>Gives every user a full window of older events.</summary>
    public static Task PrepareAsync(IDatabase redis)
    {
        var value = Full();
        return Task.WhenAll(Enumerable.Range(0, Users).Select(i => redis.StringSetAsync(WindowKeys.Window($"{i:D12}"), value)));
    }

    /// <summary>Whether the call does what it is to do.</summary>
    public static bool Succeeded(RedisResult result) => ((RedisResult[])result!).All(user => (RedisValue)user is { IsInteger: true });

    private static byte[] Full()
    {
        var full = Options.MaxEvents;
        var older = Enumerable.Range(1, full).Select(i => Event with { Timestamp = Event.Timestamp - ((full + 1 - i) * 60_000_000L) });
        return RedisWindowValue.Change(User, null, new EncodedWindow(1, WindowCodec.Encode(new Window(User, [.. older]))), Now.ToUnixTimeMilliseconds()).Start;
    }

    private static byte[] Stored()
    {
        var added = OfUser.Added.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(added.AsSpan(RedisAppendLayout.NewestAt), Event.Timestamp - 1);
        return added;
    }

    /// <summary>Puts a variable of the script wherever the service sends these bytes.</summary>
    private static string Put(string variable, ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        for (var i = 0; i < Sent.Arguments.Length; i++)
        {
            if (bytes.SequenceEqual((byte[])Sent.Arguments[i]!))
                lines.Add($"ARGV[{i + 1}] = {variable}");
        }

        return lines.Count > 0 ? string.Join('\n', lines) : throw new InvalidOperationException($"The service's call has no {variable}.");
    }

    private static string Printable(RedisValue argument) =>
        (byte[])argument! is var bytes && bytes.Any(b => b is < 32 or > 126) ? new string('e', bytes.Length) : argument.ToString();

    private static string Escaped(ReadOnlySpan<byte> bytes) => string.Concat(bytes.ToArray().Select(b => string.Create(CultureInfo.InvariantCulture, $"\\{b:D3}")));
}
