using ProfileService.Windows;
using StackExchange.Redis;

namespace ProfileService.Benchmarks;

/// <summary>
/// One append as <c>redis-benchmark</c> can send it again and again: the service's script and a payload as long as the service's, made so
/// that the same call always succeeds. Every byte of it can be an argument of a program: none is 0.
/// </summary>
internal static class AppendCall
{
    public const int Users = 1_000;

    /// <summary>What <c>redis-benchmark -r</c> replaces by 12 digits.</summary>
    private const string User = "__rand_int__";

    private const string Tag = "{p000}";
    private const int EventBytes = 33; // of an event without an id of its own
    private const int HeadBytes = 25;

    /// <summary>The head that must stand and the one that is written: the same, so that the next call finds what it expects.</summary>
    private static readonly string Head = new('h', HeadBytes);

    public static string Script => RedisWindowScripts.Commit;

    public static string[] Keys => [WindowKey(User), $"{Tag}:due", $"{Tag}:leases", $"{Tag}:claims"];

    /// <summary>As of a commit that writes the newest event into the room behind the others.</summary>
    public static string[] Arguments =>
        [User, Head, "1795369914112", "15552000000", "profiles:due", "0", Head, $"{HeadBytes + (Bench.WindowLength * EventBytes)}", new string('e', EventBytes)];

    /// <summary>Gives every user a full window with room behind it.</summary>
    public static Task PrepareAsync(IDatabase redis)
    {
        var window = Head + new string('e', (Bench.WindowLength + 4) * EventBytes);
        return Task.WhenAll(Enumerable.Range(0, Users).Select(i => redis.StringSetAsync(WindowKey($"{i:D12}"), window)));
    }

    /// <summary>Whether the call does what it is to do.</summary>
    public static bool Succeeded(RedisResult result) => (int)result >= 0;

    private static string WindowKey(string user) => $"{Tag}:w:{user}";
}
