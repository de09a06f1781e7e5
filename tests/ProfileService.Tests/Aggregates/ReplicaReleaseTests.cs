using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Aggregates;
using ProfileService.Items;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Aggregates;

/// <summary>Two replicas on one Redis and one Postgres.</summary>
[Needs(Need.Server)]
public sealed class ReplicaReleaseTests(TestServers servers) : IAsyncLifetime
{
    private readonly List<TestService> _replicas = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfReplicasThatWantToReleaseAtOnceOneDoesAndAllAnswerTheSame()
    {
        foreach (var replica in _replicas)
            await Eventually.IsTrueAsync(() => Task.FromResult(replica.Services.GetRequiredService<ItemCatalogue>().Count == 1));
        var outcomes = await Task.WhenAll(_replicas.SelectMany(r => Enumerable.Range(0, 4).Select(_ =>
            Task.Run(() => r.Services.GetRequiredService<ReleaseMaker>().MakeAsync(Token)))));
        Assert.Single(outcomes, ReleaseOutcome.Made);
        Assert.All(outcomes.Where(o => o != ReleaseOutcome.Made), outcome => Assert.Equal(ReleaseOutcome.NotYet, outcome));
        foreach (var path in (string[])["/v1/items/popular", "/v1/items/trending", "/v1/categories"])
        {
            var answers = await Task.WhenAll(_replicas.Select(r => r.GetAsync(path)));
            Assert.Equal(200, answers[0].Status);
            Assert.Equal(answers[0].Json.GetRawText(), answers[1].Json.GetRawText());
        }
    }

    [Fact]
    public async Task ReleaseOfAReplicaThatDiedIsTakenOverAndItsCountsComeTooLate()
    {
        var (one, other) = (StoreOf(0), StoreOf(1));
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-1));
        var slow = ActivatorUtilities.CreateInstance<ReleaseStore>(_replicas[0].Services, time);
        var lost = (await slow.TakeAsync(1, Token))!; // an hour ago
        var taken = (await other.TakeAsync(1, Token))!;
        Assert.Null(await one.TakeAsync(1, Token));

        var counts = new ReleasedCounts(1_000, 5, 7, 1, 1, 0, 0, 0, [], []);
        Assert.False(await slow.PublishAsync(lost, counts, Token));
        Assert.True(await other.PublishAsync(taken, counts, Token));
        Assert.False(await other.PublishAsync(taken, counts, Token));
        var (last, spent) = await one.FindLastAsync(Token);
        Assert.Equal((1, 1_000), (last!.Number, spent));
    }

    private ReleaseStore StoreOf(int replica) => _replicas[replica].Services.GetRequiredService<ReleaseStore>();

    public async ValueTask InitializeAsync()
    {
        var redis = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        for (var i = 0; i < 2; i++)
            _replicas.Add(TestService.Without([typeof(ReleaseWorker)], settings));
        Assert.Equal(200, (await _replicas[0].PutAsync("/v1/items/i1", """{"categories":["c1"]}""")).Status);
        var at = EventTime.FromUtc(TimeProvider.System.GetUtcNow().UtcDateTime);
        await _replicas[0].AcceptAsync([.. Enumerable.Range(0, 300).Select(u => Event(user: $"u{u}") with { Timestamp = at })]);
    }

    public ValueTask DisposeAsync()
    {
        _replicas.ForEach(r => r.Dispose());
        return ValueTask.CompletedTask;
    }
}
