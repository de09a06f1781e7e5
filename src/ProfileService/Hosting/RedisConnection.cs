using StackExchange.Redis;

namespace ProfileService.Hosting;

/// <summary>
/// The process's connection to Redis or Redis Cluster. It opens when it is made and then keeps itself open: while a server is gone,
/// commands for it fail at once; one that does not answer fails its commands within the timeout.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    public const string Name = "Redis";

    private const int TimeoutMs = 2_000;

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

    /// <summary>The servers that hold keys; of a cluster those that have slots.</summary>
    public IReadOnlyList<IServer> Primaries
    {
        get
        {
            var servers = _connection.GetServers();
            return servers.FirstOrDefault(s => s is { IsConnected: true, ServerType: ServerType.Cluster })?.ClusterConfiguration is { } cluster
                ? [.. cluster.Nodes.Where(n => !n.IsReplica && n.Slots.Count > 0).Select(n => _connection.GetServer(n.EndPoint!))]
                : [.. servers.Where(s => !s.IsReplica)];
        }
    }

    /// <summary>Raised when a server can be reached again.</summary>
    public event EventHandler<ConnectionFailedEventArgs> Restored
    {
        add => _connection.ConnectionRestored += value;
        remove => _connection.ConnectionRestored -= value;
    }

    public void Dispose() => _connection.Dispose();

    private static ConfigurationOptions Options(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.ClientName ??= ProfileMetrics.Name;
        options.BacklogPolicy = BacklogPolicy.FailFast; // what waits for a server that is gone would wait in our memory
        options.AllowAdmin = true; // for CONFIG GET, see RedisDurability
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        if (!Names(connectionString, "asyncTimeout"))
            options.AsyncTimeout = TimeoutMs;
        if (!Names(connectionString, "abortConnect"))
            options.AbortOnConnectFail = true;
        return options;
    }

    private static bool Names(string connectionString, string option) => connectionString.Contains($"{option}=", StringComparison.OrdinalIgnoreCase);
}
