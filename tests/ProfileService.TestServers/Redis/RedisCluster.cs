using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using ProfileService.TestServers.Common;
using ProfileService.TestServers.Servers;

namespace ProfileService.TestServers.Redis;

/// <summary>A Redis Cluster of three masters on loopback, without replicas: the slots of a node that is down are down with it.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private const int NodeCount = 3;
    private const int SlotCount = 16384;

    private readonly IContainer? _house;

    private RedisCluster(IContainer? house, RedisServer[] nodes) => (_house, Nodes) = (house, nodes);

    public IReadOnlyList<RedisServer> Nodes { get; }

    /// <summary>
    /// Whether it may stop answering, as where a test pauses it. Then its users have the service's short timeouts; otherwise they wait for an
    /// answer, however slow the machine is.
    /// </summary>
    public bool MayHang { get; set; }

    /// <summary>As the service's user.</summary>
    public string ConnectionString => $"{Addresses},{RedisUsers.Service}{Patience}";

    /// <summary>As one who may everything.</summary>
    public string TesterConnectionString => $"{Addresses},{RedisUsers.Tester}{Patience}";

    private string Patience => MayHang ? "" : RedisServer.Patient;

    private string Addresses => string.Join(',', Nodes.Select(node => $"127.0.0.1:{node.Port}"));

    /// <param name="arguments">Of each node, as <see cref="RedisServer.StartAsync(string[])"/> takes them.</param>
    public static Task<RedisCluster> StartAsync(params string[] arguments) => ServerStart.OnFreePortsAsync(() => StartOnceAsync(arguments));

    /// <summary>Returns when every node serves its slots and knows the others to do so, as after a start or a node's return.</summary>
    public async Task UntilWholeAsync()
    {
        foreach (var node in Nodes)
            await Eventually.IsTrueAsync(() => IsWholeAsync(node));
    }

    /// <summary>Empties all nodes, of every test's data where the cluster is shared.</summary>
    public Task FlushAsync() => Task.WhenAll(Nodes.Select(node => RedisLine.SendAsync(node.Port, "FLUSHALL")));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.DisposeAsync();
        if (_house is not null)
            await _house.DisposeAsync();
    }

    private static async Task<RedisCluster> StartOnceAsync(string[] arguments)
    {
        (int Port, int Bus)[] ports = [.. Enumerable.Range(0, NodeCount).Select(_ => (FreePort.Take(), FreePort.Take()))];
        var house = await DockerEngine.AnswersAsync() ? await StartHouseAsync([.. ports.Select(pair => pair.Port)]) : null;
        var nodes = await Task.WhenAll(ports.Select(pair => RedisServer.StartAsync(pair.Port, house, [.. Arguments(pair.Bus), .. arguments])));
        var cluster = new RedisCluster(house, nodes);
        return await ServerStart.OrEndAsync(cluster, cluster.JoinAsync(ports));
    }

    private static string[] Arguments(int bus) =>
    [
        "--cluster-enabled", "yes",
        "--cluster-port", $"{bus}",
        "--cluster-announce-ip", "127.0.0.1",
        "--cluster-require-full-coverage", "no",
        "--cluster-node-timeout", "1000",
    ];

    // Nodes find each other and clients find them under one address, loopback, when all containers share the network of this one.
    private static async Task<IContainer> StartHouseAsync(int[] ports)
    {
        var house = ports.Aggregate(new ContainerBuilder(RedisServer.Image), (container, port) => container.WithPortBinding(port, port))
            .WithEntrypoint("tail", "-f", "/dev/null")
            .Build();
        await house.StartAsync();
        return house;
    }

    private async Task JoinAsync((int Port, int Bus)[] ports)
    {
        for (var node = 0; node < NodeCount; node++)
        {
            var (first, end) = (SlotCount * node / NodeCount, SlotCount * (node + 1) / NodeCount);
            await RedisLine.SendAsync(ports[node].Port, $"CLUSTER ADDSLOTSRANGE {first} {end - 1}");
            // Nodes of one epoch settle by themselves who goes first, but each loses time over it.
            await RedisLine.SendAsync(ports[node].Port, $"CLUSTER SET-CONFIG-EPOCH {node + 1}");
        }
        foreach (var other in ports[1..])
            await RedisLine.SendAsync(ports[0].Port, $"CLUSTER MEET 127.0.0.1 {other.Port} {other.Bus}");
        await UntilWholeAsync();
    }

    private static async Task<bool> IsWholeAsync(RedisServer node)
    {
        var info = await RedisLine.SendAsync(node.Port, "CLUSTER INFO");
        return new[] { "cluster_state:ok", $"cluster_slots_ok:{SlotCount}", $"cluster_known_nodes:{NodeCount}" }.All(info.Contains);
    }
}
