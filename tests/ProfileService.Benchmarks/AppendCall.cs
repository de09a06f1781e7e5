using System.Buffers.Binary;
using System.Globalization;
using ProfileService.Windows;
using StackExchange.Redis;

namespace ProfileService.Benchmarks;

/// <summary>
/// One append as <c>redis-benchmark</c> can send it again and again: the service's script with an event of the service's making. What it
/// stores says that it is older than it is, so that the same call always finds an older window. The event stands in the script, for an
/// argument of a program cannot hold a byte that is 0; one of the same length is sent in its place.
/// </summary>
internal static class AppendCall
{
    public const int Users = 1_000;

    /// <summary>What <c>redis-benchmark -r</c> replaces by 12 digits.</summary>
    private const string User = "__rand_int__";

    private const string Tag = "{p000}";
    private const int PlaceOfEvents = 6; // among the arguments

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private static readonly UserEvent Event = new(User, "view", "item-000001", EventTime.FromUtc(Now.UtcDateTime));
    private static readonly RedisValue[] Sent = RedisAppend.Of(
        EventsOfUser.In([Event])[0], [Event], new Verdict[1], new RedisWindowKeys(new RedisPartitions(1)), new WindowOptions(), Now)!.Value.Arguments;

    public static string Script => $"ARGV[{PlaceOfEvents + 1}] = '{Escaped(Stored())}'\n{RedisAppendScripts.Append}";

    public static string[] Keys => [WindowKey(User), $"{Tag}:due", $"{Tag}:leases"];

    public static string[] Arguments =>
        [.. Sent.Select((value, i) => i == PlaceOfEvents ? new string('e', ((byte[])value!).Length) : value.ToString())];

    /// <summary>Gives every user a full window of older events.</summary>
    public static Task PrepareAsync(IDatabase redis)
    {
        var full = new WindowOptions().MaxEvents;
        var older = Enumerable.Range(1, full).Select(i => Event with { Timestamp = Event.Timestamp - ((full + 1 - i) * 60_000_000L) });
        var value = RedisWindowValue.Change(null, new EncodedWindow(1, WindowCodec.Encode(new Window(User, [.. older]))), Now.ToUnixTimeMilliseconds()).Start;
        return Task.WhenAll(Enumerable.Range(0, Users).Select(i => redis.StringSetAsync(WindowKey($"{i:D12}"), value)));
    }

    /// <summary>Whether the call does what it is to do.</summary>
    public static bool Succeeded(RedisResult result) => (RedisValue)result is { IsInteger: true };

    private static byte[] Stored()
    {
        var value = ((byte[])Sent[PlaceOfEvents]!).ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(RedisWindowValue.NewestAt), Event.Timestamp - 1);
        return value;
    }

    private static string Escaped(byte[] bytes) => string.Concat(bytes.Select(b => string.Create(CultureInfo.InvariantCulture, $"\\{b:D3}")));

    private static string WindowKey(string user) => $"{Tag}:w:{user}";
}
