using ProfileService.TestServers.Processes;
using ProfileService.TestServers.Redis;
using ProfileService.TestServers.Servers;

namespace ProfileService.TestServers.Faults;

/// <summary>What a schedule runs on: the services, their servers, and what clients sent.</summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    /// <summary>Small, so that windows overflow within seconds.</summary>
    public const int MaxEvents = 20;

    private static readonly string[] Settings =
    [
        $"--Windows:MaxEvents={MaxEvents}",
        "--Refresh:Lease=00:00:02", // a killed worker's users come back before the schedule ends
        "--Logging:LogLevel:Default=Warning",
    ];

    private RedisCluster? _cluster;

    public List<FaultyService> Services { get; } = [];

    /// <summary>A single server, a primary and its replica, or the nodes of a cluster; none where the windows are in SQLite.</summary>
    public List<FaultyRedis> Redis { get; } = [];

    /// <summary>Null where profiles are in SQLite.</summary>
    public FaultyPostgres? Postgres { get; private set; }

    public SentLog Sent { get; } = new();

    /// <param name="postgres">Lent; it is not ended with the world.</param>
    public static async Task<FaultWorld> StartAsync(Schedule schedule, FaultyPostgres postgres)
    {
        var world = new FaultWorld();
        return await ServerStart.OrEndAsync(world, world.StartAllAsync(schedule, postgres));
    }

    /// <summary>Returns when a cluster's nodes know each other to be whole again.</summary>
    public Task UntilWholeAsync() => _cluster?.UntilWholeAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services)
            await service.DisposeAsync();
        foreach (var redis in Redis)
            await redis.DisposeAsync();
    }

    private async Task StartAllAsync(Schedule schedule, FaultyPostgres postgres)
    {
        var stores = await StartStoresAsync(schedule, postgres);
        Services.AddRange(await Task.WhenAll(Enumerable.Range(0, schedule.Services).Select(async _ => await FaultyService.StartAsync(
            schedule.NeedsDisk(Stores.Sqlite) ? await GuardedFolder.OnSmallDiskAsync() : new GuardedFolder(),
            schedule.NeedsClock ? new FakeClock() : null,
            [.. Settings, .. stores]))));
    }

    private async Task<string[]> StartStoresAsync(Schedule schedule, FaultyPostgres postgres)
    {
        if (schedule.Stores == Stores.Sqlite)
            return [];
        Postgres = postgres;
        return [$"--ConnectionStrings:Redis={await StartRedisAsync(schedule)}",
            $"--ConnectionStrings:Postgres={await postgres.CreateDatabaseAsync()}"];
    }

    private async Task<string> StartRedisAsync(Schedule schedule)
    {
        if (schedule.Stores == Stores.Cluster)
        {
            _cluster = await RedisCluster.StartAsync(FaultyRedis.Durable);
            _cluster.MayHang = true;
            Redis.AddRange(_cluster.Nodes.Select(node => new FaultyRedis(node, network: null)));
            return _cluster.ConnectionString;
        }
        Redis.Add(await FaultyRedis.StartAsync(schedule.NeedsDisk(Stores.Redis)));
        if (schedule.Stores == Stores.Replicated)
        {
            Redis.Add(await FaultyRedis.StartAsync(smallDisk: false));
            await Redis[1].FollowAsync(Redis[0]);
        }
        return $"{string.Join(',', Redis.Select(redis => $"127.0.0.1:{redis.Network.Port}"))},{RedisUsers.Service}";
    }
}
