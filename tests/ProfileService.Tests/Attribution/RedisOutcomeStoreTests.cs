using ProfileService.Attribution;
using ProfileService.Platform;

namespace ProfileService.Tests.Attribution;

[Needs(Need.Server)]
public sealed class RedisOutcomeStoreTests(TestServers servers) : OutcomeStoreContract
{
    private RedisConnection? _redis;
    private string _tester = "";

    [Fact]
    public async Task CountsEndThirtyDaysAfterTheLastOfThem()
    {
        await new RedisOutcomeStore(_redis!).AddAsync(
            new OutcomeBatch("one", 1, new DateOnly(2026, 11, 28), new Dictionary<RecommendationSource, OutcomeCounts>()), Token);
        using var tester = new RedisConnection(_tester);
        Assert.InRange((await tester.Database.KeyTimeToLiveAsync("profiles:recommendations"))!.Value.TotalDays, 29, 30);
    }

    public override ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override async Task<IOutcomeStore> CreateAsync()
    {
        var server = await servers.RedisAsync();
        var database = server.TakeDatabase();
        (_redis, _tester) = (new RedisConnection(server.ConnectionString(database)), server.TesterConnectionString(database));
        return new RedisOutcomeStore(_redis);
    }
}
