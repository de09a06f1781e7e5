using System.Globalization;
using System.Text.Json;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Kafka;

/// <summary>
/// Consumers that are killed, stopped and joined by others: each event of the topic is in its window once, and no other is.
/// </summary>
[Needs(Need.Process, Need.Server)]
public sealed class KafkaProcessTests(TestServers servers) : IDisposable
{
    private const string Topic = "events";
    private const string Group = "shop";
    private const int Partitions = 4;
    private const int Users = 20;

    private readonly KafkaMockCluster _kafka = new();
    private readonly TempDirectory _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _kafka.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task KillBetweenAppendAndCommitLosesAndInventsNothing()
    {
        _kafka.CreateTopic(Topic, Partitions);
        _kafka.RefuseCommits(10_000); // the client tries again
        var events = Events(0, 2_000);
        using (var service = await StartAsync())
        {
            var sending = SendAsync(events);
            await Eventually.IsTrueAsync(async () => await StoredAsync(service) > 200);
            await service.KillAsync();
            await sending;
        }

        Assert.Equal(0, Committed());
        using var again = await StartAsync();
        await HasAllAsync(again, events);
    }

    [Fact]
    public async Task StopCommitsWhatIsStoredAndTheNextOneBeginsThere()
    {
        _kafka.CreateTopic(Topic, Partitions);
        var (first, second) = (Events(0, 1_000), Events(1_000, 1_000));
        using (var service = await StartAsync())
        {
            await SendAsync(first);
            await HasAllAsync(service, first);
            Assert.Equal(0, await service.StopAsync());
        }

        Assert.Equal(first.Count, Committed());
        await SendAsync(second);
        using var again = await StartAsync();
        await HasAllAsync(again, [.. first, .. second]);
    }

    [Fact]
    public async Task StopWhileTheStoreIsAwayLeavesWhatWaitsToTheNextOne()
    {
        _kafka.CreateTopic(Topic, Partitions);
        await using var redis = await RedisServer.StartAsync();
        redis.MayHang = true;
        var store = $"--ConnectionStrings:Redis={redis.ConnectionString()}";
        var events = Events(0, 500);
        using (var service = await StartAsync(store))
        {
            await redis.PauseAsync();
            await SendAsync(events);
            await SaysAsync(service, "cannot be stored and wait");
            Assert.Equal(0, await service.StopAsync());
        }

        Assert.Equal(0, Committed());
        await redis.ResumeAsync();
        using var again = await StartAsync(store);
        await HasAllAsync(again, events);
    }

    [Fact]
    public async Task PartitionsThatChangeHandsWhileTheStoreIsAwayAreReadByWhoeverHasThem()
    {
        _kafka.CreateTopic(Topic, Partitions);
        await using var redis = await RedisServer.StartAsync();
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        redis.MayHang = true;
        string[] stores = [$"--ConnectionStrings:Redis={redis.ConnectionString()}", $"--ConnectionStrings:Postgres={postgres}"];
        var events = Events(0, 1_000);
        using var first = await StartAsync(stores);
        using var second = await StartAsync(stores);
        await SaysAsync(first, "No longer consumes partitions");
        await SaysAsync(second, "Consumes partitions");

        await redis.PauseAsync();
        await SendAsync(events);
        await SaysAsync(first, "cannot be stored and wait");
        await SaysAsync(second, "cannot be stored and wait");
        Assert.Equal(0, await first.StopAsync());
        Assert.Equal(0, Committed());
        await redis.ResumeAsync();
        await HasAllAsync(second, events);
        await Eventually.IsTrueAsync(() => Task.FromResult(Committed() == events.Count));
    }

    [Fact]
    public async Task StopDoesNotWaitForBrokersThatAreAway()
    {
        _kafka.CreateTopic(Topic, Partitions);
        var events = Events(0, 100);
        using var service = await StartAsync();
        await SendAsync(events);
        await HasAllAsync(service, events);
        _kafka.StopBrokers();
        Assert.Equal(0, await service.StopAsync());
    }

    [Fact]
    public async Task ConsumersThatComeAndGoShareThePartitionsAndLoseNothing()
    {
        _kafka.CreateTopic(Topic, Partitions);
        var redis = await servers.RedisAsync();
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        string[] stores =
        [
            $"--ConnectionStrings:Redis={redis.ConnectionString(redis.TakeDatabase())}", $"--ConnectionStrings:Postgres={postgres}",
        ];
        var events = Events(0, 6_000);
        using var first = await StartAsync(stores);
        await SendAsync(events[..2_000]);
        using var second = await StartAsync(stores);
        var sending = SendAsync(events[2_000..4_000]);
        await SaysAsync(second, "Consumes partitions");
        await sending;
        await first.StopAsync();
        await SendAsync(events[4_000..]);

        await HasAllAsync(second, events);
        await Eventually.IsTrueAsync(() => Task.FromResult(Committed() == events.Count));
    }

    private long Committed() => Enumerable.Range(0, Partitions).Sum(p => _kafka.Client.Offsets(Group, Topic, p).Committed);

    private static List<WindowEvent> Events(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => Event(i, $"u{i % Users}", $"i{i}", id: $"e{i}"))];

    private Task<ServiceProcess> StartAsync(params string[] settings) => ServiceProcess.StartAsync(
        _data,
        [
            $"--Kafka:BootstrapServers={_kafka.BootstrapServers}", $"--Kafka:Topic={Topic}", $"--Kafka:Group={Group}",
            "--Kafka:SessionTimeout=00:00:02", "--Kafka:MaxBatch=50", "--Windows:MaxEvents=10000", .. settings,
        ]);

    // By user, as a producer with the user's id as key does.
    private Task SendAsync(IReadOnlyList<WindowEvent> events) => Task.WhenAll(events.GroupBy(e => e.UserId, (user, of) =>
        _kafka.Client.SendAllAsync(Topic, int.Parse(user[1..], CultureInfo.InvariantCulture) % Partitions, of.Select(e => e.Json()))));

    private static Task SaysAsync(ServiceProcess service, string line) =>
        Eventually.IsTrueAsync(() => Task.FromResult(service.Output.Contains(line, StringComparison.Ordinal)));

    private static async Task HasAllAsync(ServiceProcess service, IReadOnlyList<WindowEvent> events)
    {
        foreach (var user in events.GroupBy(e => e.UserId))
        {
            var expected = user.Select(e => e.EventId).Order(StringComparer.Ordinal).ToList();
            List<string> stored = [];
            await Eventually.IsTrueAsync(async () => (stored = await IdsAsync(service, user.Key)).Count >= expected.Count);
            Assert.Equal(expected, stored);
        }
    }

    private static async Task<int> StoredAsync(ServiceProcess service)
    {
        var stored = 0;
        for (var user = 0; user < Users; user++)
            stored += (await IdsAsync(service, $"u{user}")).Count;
        return stored;
    }

    private static async Task<List<string>> IdsAsync(ServiceProcess service, string user)
    {
        using var reply = await service.Client.GetAsync(new Uri($"/v1/users/{user}/window", UriKind.Relative), Token);
        if (!reply.IsSuccessStatusCode)
            return [];
        var events = JsonElement.Parse(await reply.Content.ReadAsByteArrayAsync(Token)).GetProperty("events").EnumerateArray();
        return [.. events.Select(e => e.GetProperty("eventId").GetString()!).Order(StringComparer.Ordinal)];
    }
}
