namespace ProfileService.Benchmarks.Setup;

/// <summary>A Redis and a PostgreSQL of the benchmark's own, as durable as a deployment's, on free ports of loopback.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private const string RedisSettings = "deploy/redis/redis.conf";

    private BenchServers(RedisServer redis, PostgresServer postgres) => (Redis, Postgres) = (redis, postgres);

    public RedisServer Redis { get; }

    public PostgresServer Postgres { get; }

    public static string Description => $"Redis with {RedisSettings} (appendonly yes, appendfsync always), PostgreSQL with fsync on";

    /// <param name="redisArguments">Stand above those of the deployment.</param>
    public static async Task<BenchServers> StartAsync(params string[] redisArguments)
    {
        Bench.Tell("starting Redis and PostgreSQL");
        var redis = await RedisServer.StartAsync([.. Deployed(), .. redisArguments]);
        var postgres = await PostgresServer.StartAsync(durable: true);
        (redis.MayHang, postgres.MayHang) = (true, true); // a service under load has the timeouts of a deployment
        return new BenchServers(redis, postgres);
    }

    /// <summary>Settings that name stores of their own, empty.</summary>
    public async Task<string[]> NewStoresAsync() =>
    [
        $"--ConnectionStrings:Redis={Redis.ConnectionString(Redis.TakeDatabase())}",
        $"--ConnectionStrings:Postgres={await Postgres.CreateDatabaseAsync()}",
    ];

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    // A line of the file is a name and its values; on the command line the name has two dashes.
    private static IEnumerable<string> Deployed() => File.ReadLines(Repository.Path(RedisSettings))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .SelectMany(words => words.Skip(1).Select(value => value.Trim('"')).Prepend($"--{words[0]}"));
}
