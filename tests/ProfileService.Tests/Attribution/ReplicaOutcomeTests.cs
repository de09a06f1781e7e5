using static ProfileService.TestServers.Common.TestEvents;
using static ProfileService.Tests.Attribution.RecommendationOutcomeTests;

namespace ProfileService.Tests.Attribution;

/// <summary>Two replicas on one Redis and one Postgres.</summary>
[Needs(Need.Server)]
public sealed class ReplicaOutcomeTests(TestServers servers) : IAsyncLifetime
{
    private readonly List<TestService> _replicas = [];

    [Fact]
    public async Task IdOfOneReplicaIsKnownToTheOtherAndTheirCountsAddUp()
    {
        await _replicas[0].AcceptAsync(Event(1, item: "yoga-003"));
        var id = IdOf(await _replicas[0].GetAsync("/v1/users/u1/recommendations?count=5"));
        Assert.Equal(202, (await _replicas[1].PostAsync("/v1/events", With(id, Event(2)))).Status);
        await _replicas[1].GetAsync("/v1/users/u1/recommendations?count=2");
        await Eventually.IsTrueAsync(async () => (await OutcomesAsync(_replicas[0])).SequenceEqual([("tiny/1", 7, 1, 0)]));
        Assert.Equal([("tiny/1", 7, 1, 0)], await OutcomesAsync(_replicas[1]));
    }

    public async ValueTask InitializeAsync()
    {
        var redis = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        _replicas.AddRange(new TestService(settings), new TestService(settings));
    }

    public ValueTask DisposeAsync()
    {
        _replicas.ForEach(r => r.Dispose());
        return ValueTask.CompletedTask;
    }
}
