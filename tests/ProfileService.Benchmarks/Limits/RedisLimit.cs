using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace ProfileService.Benchmarks.Limits;

/// <summary>The limit of ingest: Redis's own load generator with the service's append script, 100 events pipelined.</summary>
internal sealed partial class RedisLimit
{
    private const int Pipelined = 100 / AppendCall.Events;
    private const int FirstEvents = 20_000;
    private static readonly int[] Clients = [1, 4, 16, 50];

    private readonly int _port;
    private readonly int _database;
    private readonly string _sha;
    private double _rate;

    private RedisLimit(int port, int database, string sha) => (_port, _database, _sha) = (port, database, sha);

    /// <summary>Connections at which it is fastest.</summary>
    public int BestClients { get; private set; }

    /// <exception cref="InvalidOperationException">The script refuses the call, so that nothing would be measured.</exception>
    public static async Task<RedisLimit> PrepareAsync(RedisServer server)
    {
        var database = server.TakeDatabase();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.TesterConnectionString(database));
        var redis = connection.GetDatabase();
        await AppendCall.PrepareAsync(redis);
        var sha = (string)(await redis.ExecuteAsync("SCRIPT", "LOAD", AppendCall.Script))!;
        var benchmark = new RedisLimit(server.Port, database, sha);
        await benchmark.CheckAsync(redis);
        await benchmark.FindClientsAsync();
        return benchmark;
    }

    /// <summary>Events a second over about a span.</summary>
    public async Task<double> EventsPerSecondAsync(TimeSpan span) =>
        _rate = await RunAsync(BestClients, Math.Max(FirstEvents / 4, span.TotalSeconds * _rate));

    private async Task CheckAsync(IDatabase redis)
    {
        object[] call = [_sha, AppendCall.Keys.Length, .. Named(AppendCall.Keys), .. Named(AppendCall.Arguments)];
        for (var again = 0; again < 2; again++)
        {
            if (!AppendCall.Succeeded(await redis.ExecuteAsync("EVALSHA", call)))
                throw new InvalidOperationException("The append script refuses the benchmark's call.");
        }

        static IEnumerable<object> Named(string[] texts) => texts.Select(t => t.Replace(AppendCall.User, $"{1:D12}", StringComparison.Ordinal));
    }

    private async Task FindClientsAsync()
    {
        foreach (var clients in Clients)
        {
            if (await RunAsync(clients, FirstEvents) is var rate && rate > _rate)
                (_rate, BestClients) = (rate, clients);
        }
    }

    private async Task<double> RunAsync(int clients, double events)
    {
        string[] arguments =
        [
            "-p", $"{_port}", "--user", RedisUsers.TesterName, "-a", RedisUsers.Password, "--dbnum", $"{_database}", "-P", $"{Pipelined}", "-c", $"{clients}", "-n", $"{(int)(events / AppendCall.Events)}", "-r", $"{AppendCall.Users}", "--csv",
            "evalsha", _sha, $"{AppendCall.Keys.Length}", .. AppendCall.Keys, .. AppendCall.Arguments,
        ];
        using var process = Process.Start(Tool.StartInfo(Installed.Program("redis-benchmark"), arguments))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var printed = await output + await errors;
        return Rate().Match(printed) is { Success: true } rate
            ? AppendCall.Events * double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"redis-benchmark said: {printed}");
    }

    // The first number behind the command, which stands in quotes itself.
    [GeneratedRegex("""
        "([0-9]+\.[0-9]+)"
        """)]
    private static partial Regex Rate();
}
