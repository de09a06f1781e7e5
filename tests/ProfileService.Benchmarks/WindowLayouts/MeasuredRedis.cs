using System.Globalization;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.WindowLayouts;

/// <summary>A Redis of its own, and what it says of itself.</summary>
internal sealed class MeasuredRedis : IAsyncDisposable
{
    private const string RewriteSetting = "auto-aof-rewrite-percentage";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly ConnectionMultiplexer _connection;
    private readonly IServer _server;
    private string _rewritePercentage = "";

    private MeasuredRedis(ConnectionMultiplexer connection)
    {
        _connection = connection;
        _server = connection.GetServers().Single();
        Database = connection.GetDatabase();
    }

    public IDatabase Database { get; }

    public string Description { get; private set; } = "";

    /// <exception cref="InvalidOperationException">It holds keys, or has no append-only file.</exception>
    public static async Task<MeasuredRedis> OpenAsync(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AllowAdmin = true;
        options.AsyncTimeout = 30_000;
        var redis = new MeasuredRedis(await ConnectionMultiplexer.ConnectAsync(options));
        if ((await redis._server.InfoAsync("keyspace")).Any(section => section.Any()))
            throw new InvalidOperationException($"The Redis at {address} holds keys. This measurement flushes its Redis: give it one of its own.");
        if (await redis.SettingAsync("appendonly") != "yes")
            throw new InvalidOperationException($"The Redis at {address} has appendonly off. Start it with appendonly yes, as the service's is.");
        redis.Description = $"Redis {redis._server.Version}, appendfsync {await redis.SettingAsync("appendfsync")}";
        redis._rewritePercentage = await redis.SettingAsync(RewriteSetting);
        await redis._server.ConfigSetAsync(RewriteSetting, 0); // the file only grows while it is measured
        return redis;
    }

    /// <summary>Removes every key, and what the append-only file says of them.</summary>
    public async Task EmptyAsync()
    {
        await _server.FlushAllDatabasesAsync();
        await _server.ExecuteAsync("BGREWRITEAOF");
        while (await InfoAsync("persistence") is var info && (info["aof_rewrite_in_progress"] != "0" || info["aof_rewrite_scheduled"] != "0"))
            await Task.Delay(Look, TimeProvider.System);
    }

    public async Task<RedisReading> ReadAsync()
    {
        var (cpu, persistence, stats) = (await InfoAsync("cpu"), await InfoAsync("persistence"), await InfoAsync("stats"));
        return new RedisReading(
            1e6 * (Number(cpu["used_cpu_user_main_thread"]) + Number(cpu["used_cpu_sys_main_thread"])),
            Number(persistence["aof_current_size"]),
            Number(stats["total_net_input_bytes"]) + Number(stats["total_net_output_bytes"]));
    }

    public async Task<long> MemoryAsync(RedisKey key)
    {
        var bytes = await Database.ExecuteAsync("MEMORY", "USAGE", key, "SAMPLES", "0");
        return bytes.IsNull ? 0 : (long)bytes;
    }

    public async ValueTask DisposeAsync()
    {
        if (_rewritePercentage.Length > 0)
        {
            await EmptyAsync();
            await _server.ConfigSetAsync(RewriteSetting, _rewritePercentage);
        }

        await _connection.DisposeAsync();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private async Task<string> SettingAsync(string name) => (await _server.ConfigGetAsync(name)).Single().Value;

    private async Task<Dictionary<string, string>> InfoAsync(string section) =>
        (await _server.InfoAsync(section)).SelectMany(lines => lines).ToDictionary();
}
