using System.Net;
using StackExchange.Redis;

namespace ProfileService.Platform;

/// <summary>
/// The process's connection to Redis or Redis Cluster. The constructor opens it; later it reconnects by itself. Commands for an unreachable
/// server fail at once; commands for an unresponsive server fail after the timeout.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    public const string Name = "Redis";

    private const int TimeoutMs = 2_000;
    // A primary that became a replica refuses writes but keeps its connections; only this check finds the new primary.
    private const int RoleCheckSeconds = 2;
    // The library makes 3, of 5 seconds each; a process with little CPU may need longer for its first handshake by TLS.
    private const int ConnectsAtStart = 6;
    private const int Slots = 16_384;

    private readonly ConnectionMultiplexer _connection;

    /// <param name="connectionString">In the format of StackExchange.Redis; its options override the defaults set here.</param>
    /// <param name="rootCertificate">See <see cref="ConnectionOptions.RedisRootCertificate"/>.</param>
    /// <exception cref="RedisConnectionException">No server responds.</exception>
    public RedisConnection(string connectionString, string? rootCertificate = null)
    {
        var options = Options(connectionString);
        if (rootCertificate is not null)
        {
            var checksRevocation = RedisKeywords.Has(connectionString, "checkCertificateRevocation") && options.CheckCertificateRevocation;
            options.TrustOnly(rootCertificate, checksRevocation);
        }

        _connection = ConnectionMultiplexer.Connect(options);
        Database = _connection.GetDatabase();
        Subscriber = _connection.GetSubscriber();
    }

    public IDatabase Database { get; }

    public ISubscriber Subscriber { get; }

    /// <summary>For libraries that send commands of their own.</summary>
    public IConnectionMultiplexer Multiplexer => _connection;

    public bool IsCluster => _connection.GetServers().Any(s => s.ServerType == ServerType.Cluster);

    /// <summary>
    /// Divides what a script has to do into calls of at most so many. In a cluster only what is of one partition shares a call, because its
    /// keys are in one slot.
    /// </summary>
    public IEnumerable<T[]> Calls<T>(IEnumerable<T> all, Func<T, int> partitionOf, int most) =>
        IsCluster ? all.GroupBy(partitionOf).SelectMany(partition => partition.Chunk(most)) : all.Chunk(most);

    /// <summary>The servers that hold keys. In a cluster: the primaries that own slots and are not marked as failed.</summary>
    public IReadOnlyList<IServer> Primaries => ClusterNodes is { } nodes
        ? [.. nodes.Select(n => _connection.GetServer(n.EndPoint!))]
        : Serving is { } serving ? [_connection.GetServer(serving)]
        : [.. _connection.GetServers().Where(s => !s.IsReplica)];

    /// <summary>
    /// All servers, replicas included, also those that cannot be reached: the ones that the connection string names, or that the cluster
    /// knows. Of a cluster, one that it has forgotten is left out.
    /// </summary>
    public IReadOnlyList<IServer> Servers
    {
        get
        {
            var nodes = Cluster?.Nodes.Select(n => n.EndPoint).ToHashSet();
            return [.. _connection.GetServers().Where(s => s.IsConnected || nodes?.Contains(s.EndPoint) != false)];
        }
    }

    /// <summary>
    /// The server that receives commands without a cluster key now; after a failover, the new primary. Null if none is reachable.
    /// </summary>
    public EndPoint? Serving
    {
        get
        {
            try
            {
                return Database.IdentifyEndpoint(default); // with the flags of an append, to find the server that appends go to
            }
            catch (RedisConnectionException)
            {
                return null;
            }
        }
    }

    /// <summary>Number of cluster slots that no known server serves; 0 for a single server.</summary>
    public int LostSlots => ClusterNodes is { } nodes ? Slots - nodes.Sum(n => n.Slots.Sum(range => range.To - range.From + 1)) : 0;

    /// <summary>The cluster server that owns a key; null for a single server, or if no server owns it.</summary>
    public EndPoint? ServerOf(RedisKey key) => Cluster?.GetBySlot(key)?.EndPoint;

    private ClusterConfiguration? Cluster =>
        _connection.GetServers().FirstOrDefault(s => s is { IsConnected: true, ServerType: ServerType.Cluster })?.ClusterConfiguration;

    private IReadOnlyList<ClusterNode>? ClusterNodes =>
        Cluster is { } cluster
            ? [.. cluster.Nodes.Where(n => n is { IsReplica: false, IsFail: false } && n.Slots.Count > 0)]
            : null;

    /// <summary>Raised when a server becomes reachable again.</summary>
    public event EventHandler<ConnectionFailedEventArgs> Restored
    {
        add => _connection.ConnectionRestored += value;
        remove => _connection.ConnectionRestored -= value;
    }

    /// <summary>The servers' addresses.</summary>
    public override string ToString() => string.Join(", ", _connection.GetEndPoints().Select(EndPointCollection.ToString));

    public void Dispose() => _connection.Dispose();

    private static ConfigurationOptions Options(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.ClientName ??= ProfileMetrics.Name;
        options.BacklogPolicy = BacklogPolicy.FailFast; // queued commands for an unreachable server would fill this process's memory
        options.AllowAdmin = true; // for CONFIG GET, see RedisDurability
        options.IncludeDetailInExceptions = false; // details would contain keys, and thereby user ids
        options.AbortOnConnectFail = true;
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        if (!RedisKeywords.Has(connectionString, "asyncTimeout"))
            options.AsyncTimeout = TimeoutMs;
        if (!RedisKeywords.Has(connectionString, "configCheckSeconds"))
            options.ConfigCheckSeconds = RoleCheckSeconds;
        if (!RedisKeywords.Has(connectionString, "connectRetry"))
            options.ConnectRetry = ConnectsAtStart;
        return options;
    }
}
