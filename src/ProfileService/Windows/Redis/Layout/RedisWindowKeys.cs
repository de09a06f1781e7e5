using ProfileService.Platform;
using StackExchange.Redis;

namespace ProfileService.Windows.Redis.Layout;

/// <summary>The Redis keys of windows and of due users.</summary>
internal sealed class RedisWindowKeys(RedisPartitions partitions)
{
    /// <summary>Pattern of the keys of windows.</summary>
    public const string AnyWindow = "{p*}:w:*";

    /// <summary>The channel on which processes are told the number of a partition where users may be claimed.</summary>
    public const string DueChannel = "profiles:due";

    private const string WindowMark = "}:w:";
    private const string SeenMark = ":seen:";

    private readonly string[] _windows = [.. Enumerable.Range(0, partitions.Count).Select(p => partitions.Tag(p) + WindowMark[1..])];

    private readonly RedisKey[][] _due = [.. Enumerable.Range(0, partitions.Count).Select(partitions.Tag).Select(tag => new RedisKey[]
    {
        // Users that changed since a claim last took them: a sorted set, the score is when the oldest such change came, in Unix ms.
        $"{tag}:due",

        // Claimed users: a sorted set, the score is when the lease runs out, in Unix ms.
        $"{tag}:leases",

        // What the claims are: a hash from user to lease (16 bytes), then when the oldest change that the claim holds came, in Unix ms.
        $"{tag}:claims",
    })];

    /// <summary>The user's window: a string, see <see cref="RedisWindowValue"/>.</summary>
    public RedisKey Window(string userId) => WindowsOf(partitions.Of(userId)) + userId;

    /// <summary>The items that the user met: a string, the bits of <see cref="SeenItems"/>. It lives as long as the window.</summary>
    public RedisKey Seen(string userId) => Seen(userId, partitions.Of(userId));

    public RedisKey Seen(string userId, int partition) => $"{partitions.Tag(partition)}{SeenMark}{userId}";

    /// <summary>What the keys of a partition's windows begin with; the user follows.</summary>
    public string WindowsOf(int partition) => _windows[partition];

    /// <summary>The keys of an append to a user of a partition: the window, <c>due</c> and <c>leases</c>.</summary>
    public RedisKey[] Append(string userId, int partition)
    {
        var keys = new RedisKey[3];
        WriteAppend(userId, partition, keys);
        return keys;
    }

    /// <summary>As <see cref="Append"/>, written to the first three elements.</summary>
    public void WriteAppend(string userId, int partition, Span<RedisKey> keys)
    {
        keys[0] = WindowsOf(partition) + userId;
        keys[1] = _due[partition][0];
        keys[2] = _due[partition][1];
    }

    /// <summary>The due users of a partition: <c>due</c>, <c>leases</c> and <c>claims</c>.</summary>
    public RedisKey[] Due(int partition) => _due[partition];

    /// <summary>The user of a key that matches <see cref="AnyWindow"/>.</summary>
    public static string UserOf(RedisKey window)
    {
        var key = window.ToString();
        return key[(key.IndexOf(WindowMark, StringComparison.Ordinal) + WindowMark.Length)..];
    }
}
