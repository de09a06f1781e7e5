namespace ProfileService.Platform;

/// <summary>
/// Maps users to partitions: the stable hash of the user id modulo <c>Windows:Partitions</c>. All keys of a user carry the hash tag of its
/// partition, so that each script stays in one slot and Redis Cluster distributes the partitions.
/// </summary>
internal sealed class RedisPartitions(int count)
{
    private readonly string[] _tags = [.. Enumerable.Range(0, count).Select(p => $"{{p{p:D3}}}")];

    public int Count => count;

    public int Of(string userId) => (int)(StableHash.Of(userId) % (uint)count);

    /// <summary>The hash tag of a partition, such as <c>{p017}</c>.</summary>
    public string Tag(int partition) => _tags[partition];

    public string TagOf(string userId) => Tag(Of(userId));
}
