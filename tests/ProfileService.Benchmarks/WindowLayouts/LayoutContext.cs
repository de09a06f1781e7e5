using System.Buffers.Binary;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using ProfileService.Windows.Redis.Layout;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>What the layouts share: the connection, keys in partitions as the service's, and the arguments that mark a user due.</summary>
/// <param name="Layout">Begins the keys of a layout's windows, so that several can be in one Redis.</param>
/// <param name="MaxEvents">Events in a full window.</param>
internal sealed record LayoutContext(IDatabase Database, string Layout, int MaxEvents)
{
    public const long Revision = 1_795_369_914_112; // that windows begin with
    public const string Channel = "profiles:due";
    public static readonly long Ttl = (long)TimeSpan.FromDays(180).TotalMilliseconds;

    private readonly RedisPartitions _partitions = new(new WindowOptions().Partitions);
    private readonly RedisKey[][] _due = [.. Enumerable.Range(0, new WindowOptions().Partitions).Select(p => new RedisKey[]
    {
        $"{{p{p:D3}}}:due:{Layout}", $"{{p{p:D3}}}:leases:{Layout}", $"{{p{p:D3}}}:claims:{Layout}",
    })];

    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What the windows of most layouts begin with: revision and when something last came.</summary>
    public static byte[] Head(long revision)
    {
        var head = new byte[RedisWindowLayout.EndAt];
        BinaryPrimitives.WriteInt64LittleEndian(head, revision);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(RedisWindowLayout.TouchedAt), Now);
        return head;
    }

    /// <summary>The window as the service encodes it, oldest event first.</summary>
    public static EncodedWindow Encode(string userId, IReadOnlyList<SampleEvent> events) =>
        new(Revision, WindowCodec.Encode(new Window(userId, [.. events.Select(e => e.Event)])));

    public int PartitionOf(string userId) => _partitions.Of(userId);

    /// <summary>A key as long as that of the service's windows.</summary>
    public RedisKey Key(string userId, string mark = "w") => $"{_partitions.TagOf(userId)}:{mark}:{Layout}{userId}";

    public RedisKey[] Due(string userId) => _due[PartitionOf(userId)];

    /// <summary>Runs a script of <see cref="LayoutScripts"/>; it refuses by -1.</summary>
    public async Task RunAsync(string script, string userId, RedisKey[] ownKeys, params RedisValue[] ownArguments)
    {
        var result = await Database.ScriptEvaluateAsync(
            script,
            [ownKeys[0], .. Due(userId), .. ownKeys[1..]],
            [userId, Now, Ttl, Channel, PartitionOf(userId), .. ownArguments]);
        Check((int)result);
    }

    public static void Check(int result)
    {
        if (result < 0)
            throw new InvalidOperationException("A commit was refused: the window is not what it should be.");
    }
}
