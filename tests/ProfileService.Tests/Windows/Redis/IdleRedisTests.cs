using System.Globalization;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>What a service asks of Redis while nothing happens, by a clock of the test's own.</summary>
[Needs(Need.Server)]
public sealed class IdleRedisTests
{
    private const int StepsPerSecond = 16; // in each it looks at one partition

    // What connections ask for themselves, by the machine's clock.
    private static readonly string[] OfConnections =
        ["info", "quit", "ping", "echo", "client", "config", "cluster", "hello", "sentinel", "subscribe"];

    [Fact]
    public async Task IdleServiceAsksAtMost20CommandsASecond()
    {
        await using var server = await RedisServer.StartAsync();
        var time = new SteppedTime(Start);
        using var service = TestService.With(time, ("ConnectionStrings:Redis", server.ConnectionString()));
        await service.AcceptAsync(Event(1));
        await service.Client.NobodyIsDueAsync();

        var seconds = new List<long>();
        for (var second = 0; second < 10; second++)
            seconds.Add(await CommandsPerSecondAsync(server, time));
        Assert.InRange(seconds.Min(), 1, 20); // a connection that was just made is followed by a look everywhere
    }

    private static async Task<long> CommandsPerSecondAsync(RedisServer server, SteppedTime time)
    {
        var before = await CommandsAsync(server);
        for (var step = 0; step < StepsPerSecond; step++)
            await time.PassAsync(TimeSpan.FromSeconds(1.0 / StepsPerSecond));
        return await CommandsAsync(server) - before;
    }

    private static async Task<long> CommandsAsync(RedisServer server)
    {
        var info = await RedisLine.SendAsync(server.Port, "INFO everything");
        var figures = info.Split('\n').Select(line => line.Split(':')).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var ofConnections = figures.Where(f => IsOfConnections(f.Key)).Sum(f => Number(f.Value.Split('=', ',')[1]));
        return Number(figures["total_commands_processed"]) - ofConnections;
    }

    private static bool IsOfConnections(string name) =>
        name.StartsWith("cmdstat_", StringComparison.Ordinal) && OfConnections.Contains(name["cmdstat_".Length..].Split('|')[0]);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
