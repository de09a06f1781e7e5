using System.Net;
using StackExchange.Redis;

namespace ProfileService.Platform;

/// <summary>
/// The process's connection to Redis or Redis Cluster. It opens when it is made and then keeps itself open: while a server is gone,
/// commands for it fail at once; one that does not answer fails its commands within the timeout.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    public const string Name = "Redis";

    private const int TimeoutMs = 2_000;
    private const int RoleCheckSeconds = 2; // a primary made a replica refuses writes and keeps its connections; one that took over is not known
    private const int Slots = 16_384;

    private readonly ConnectionMultiplexer _connection;

    /// <param name="connectionString">As StackExchange.Redis reads it; what it names overrides the defaults here.</param>
    /// <exception cref="RedisConnectionException">No server answers.</exception>
    public RedisConnection(string connectionString)
    {
        _connection = ConnectionMultiplexer.Connect(Options(connectionString));
        Database = _connection.GetDatabase();
        Subscriber = _connection.GetSubscriber();
    }

    public IDatabase Database { get; }

    public ISubscriber Subscriber { get; }

    public bool IsCluster => _connection.GetServers().Any(s => s.ServerType == ServerType.Cluster);

    /// <summary>The servers that hold keys; of a cluster those that have slots and are not given up by the others.</summary>
    public IReadOnlyList<IServer> Primaries => ClusterNodes is { } nodes
        ? [.. nodes.Select(n => _connection.GetServer(n.EndPoint!))]
        : Serving is { } serving ? [_connection.GetServer(serving)]
        : [.. _connection.GetServers().Where(s => !s.IsReplica)];

    /// <summary>
    /// The server to which commands go now that hold no key of a cluster; after a failover the one that took over. Null where none can be
    /// reached.
    /// </summary>
    public EndPoint? Serving
    {
        get
        {
            try
            {
                return Database.IdentifyEndpoint(default); // by the flags of an append, so that it is the server that appends go to
            }
            catch (RedisConnectionException)
            {
                return null;
            }
        }
    }

    /// <summary>Slots of a cluster that no server is known to serve; 0 of a single server.</summary>
    public int LostSlots => ClusterNodes is { } nodes ? Slots - nodes.Sum(n => n.Slots.Sum(range => range.To - range.From + 1)) : 0;

    /// <summary>The server of a cluster that has a key; null where there is only one, or none for it.</summary>
    public EndPoint? ServerOf(RedisKey key) => Cluster?.GetBySlot(key)?.EndPoint;

    private ClusterConfiguration? Cluster =>
        _connection.GetServers().FirstOrDefault(s => s is { IsConnected: true, ServerType: ServerType.Cluster })?.ClusterConfiguration;

    private IReadOnlyList<ClusterNode>? ClusterNodes =>
        Cluster is { } cluster
            ? [.. cluster.Nodes.Where(n => n is { IsReplica: false, IsFail: false } && n.Slots.Count > 0)]
            : null;

    /// <summary>Raised when a server can be reached again.</summary>
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
        options.BacklogPolicy = BacklogPolicy.FailFast; // what waits for a server that is gone would wait in our memory
        options.AllowAdmin = true; // for CONFIG GET, see RedisDurability
        options.IncludeDetailInExceptions = false; // keys, and with them user ids
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        if (!Names(connectionString, "asyncTimeout"))
            options.AsyncTimeout = TimeoutMs;
        if (!Names(connectionString, "configCheckSeconds"))
            options.ConfigCheckSeconds = RoleCheckSeconds;
        if (!Names(connectionString, "abortConnect"))
            options.AbortOnConnectFail = true;
        return options;
    }

    private static bool Names(string connectionString, string option) => connectionString.Contains($"{option}=", StringComparison.OrdinalIgnoreCase);
}
