using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using Npgsql;
using ProfileService.Platform;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Kafka;

/// <summary>What becomes of events from a topic while a store, or the process's own settings, keep them from being stored.</summary>
[Needs(Need.Server)]
public sealed class KafkaObstacleTests(TestServers servers) : IDisposable
{
    private const string Topic = "events";
    private const string Group = "shop";
    private const int Partitions = 2;

    private readonly KafkaMockCluster _kafka = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task EventsThatAreTriedAgainAreArchivedOnce()
    {
        const int users = 10, count = 600; // of one message, which two parts store side by side
        _kafka.CreateTopic(Topic, Partitions);
        await using var redis = await RedisServer.StartAsync();
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        using var service = new TestService([.. Settings(redis), ("ConnectionStrings:Postgres", postgres), ("Events:Archive", "Postgres")]);
        using var retries = new MetricCollector<long>(
            service.Services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.kafka.retries");
        await RedisLine.SendAsync(redis.Port, "CONFIG SET min-replicas-to-write 1");
        var events = Enumerable.Range(0, count).Select(i => Event(i, $"u{i % users}", $"i{i}").Json());
        await _kafka.Client.SendAsync(Topic, 0, $"[{string.Join(',', events)}]");
        await Eventually.IsTrueAsync(() => Task.FromResult(retries.GetMeasurementSnapshot().Count >= 3));

        await RedisLine.SendAsync(redis.Port, "CONFIG SET min-replicas-to-write 0");
        await CommittedAsync(1);
        for (var user = 0; user < users; user++)
            await HasAsync(service, $"u{user}", count / users);
        await using var db = NpgsqlDataSource.Create(postgres);
        await using var rows = db.CreateCommand("SELECT count(*) FROM events");
        Assert.Equal((long)count, await rows.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task ProcessWithAWrongNumberOfPartitionsLeavesTheGroupUntilItIsRight()
    {
        _kafka.CreateTopic(Topic, Partitions);
        await using var redis = await RedisServer.StartAsync();
        using var service = new TestService(Settings(redis));
        var right = service.Services.GetRequiredService<IOptions<WindowOptions>>().Value.Partitions;
        await _kafka.Client.SendAsync(Topic, 0, Event(1, "ada").Json());
        await HasAsync(service, "ada", 1);
        await CommittedAsync(1);

        await RedisLine.SendAsync(redis.Port, $"SET profiles:partitions {right + 1}");
        await TakesNothingAsync(service, "Windows:Partitions");
        await AllPartitionsAreFreeAsync();
        await _kafka.Client.SendAsync(Topic, 0, Event(2, "ada").Json());
        Assert.Equal(1, Committed());

        await RedisLine.SendAsync(redis.Port, $"SET profiles:partitions {right}");
        await HasAsync(service, "ada", 2);
        await CommittedAsync(2);
        await Eventually.IsTrueAsync(async () => (await KafkaReadiness.OfAsync(service)).StartsWith("Healthy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ProcessWhosePackageIsNotTheActiveOneDoesNotJoinTheGroup()
    {
        _kafka.CreateTopic(Topic, Partitions);
        var redis = await servers.RedisAsync();
        (string, string)[] stores =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        using var production = new TestService(stores);
        await production.Client.ReadyAsync(200);
        using var stray = new TestService([.. stores, .. OfKafka(), ("Model:Package", Repository.StarterPackage)]);
        await TakesNothingAsync(stray, "Model:Package");
        await AllPartitionsAreFreeAsync();
    }

    private (string, string)[] Settings(RedisServer redis) => [("ConnectionStrings:Redis", redis.ConnectionString()), .. OfKafka()];

    private (string, string)[] OfKafka() =>
        [("Kafka:BootstrapServers", _kafka.BootstrapServers), ("Kafka:Topic", Topic), ("Kafka:Group", Group)];

    /// <summary>Another member is given all partitions, and leaves the group.</summary>
    private async Task AllPartitionsAreFreeAsync()
    {
        using var other = _kafka.Client.Join(Group, Topic);
        await Eventually.IsTrueAsync(() =>
        {
            other.Consume(TimeSpan.FromMilliseconds(100));
            return Task.FromResult(other.Assignment.Count == Partitions);
        });
        other.Close();
    }

    private static Task TakesNothingAsync(TestService service, string reason) => Eventually.IsTrueAsync(async () =>
        await KafkaReadiness.OfAsync(service) is var health && health.Contains("takes no events from Kafka", StringComparison.Ordinal)
        && health.Contains(reason, StringComparison.Ordinal));

    private static Task HasAsync(TestService service, string user, int events) => Eventually.IsTrueAsync(async () =>
        await service.GetAsync($"/v1/users/{user}/window") is { Status: 200 } window
        && window.Json.GetProperty("events").GetArrayLength() == events);

    private Task CommittedAsync(long count) => Eventually.IsTrueAsync(() => Task.FromResult(Committed() == count));

    private long Committed() => Enumerable.Range(0, Partitions).Sum(p => _kafka.Client.Offsets(Group, Topic, p).Committed);
}
