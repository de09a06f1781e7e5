using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task BatchOfWhichNoAnswerCameIsSentAgainAndCountsOnce()
    {
        await using var server = await RedisServer.StartAsync();
        server.MayHang = true;
        using var redis = new RedisConnection(server.ConnectionString());
        using var metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var counter = new OutcomeCounter(new ProfileMetrics(metrics.GetRequiredService<IMeterFactory>()), TimeProvider.System);
        using var outcomes = new Outcomes(counter, new RedisOutcomeStore(redis), TimeProvider.System);
        counter.CountAnswer("demo/3", 20);
        await server.PauseAsync(); // what was sent is carried out later
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => outcomes.StoreAsync(Token));
        Assert.True(StoreFailure.Is(thrown), $"{thrown}");
        counter.CountAnswer("demo/3", 3);
        await server.ResumeAsync();
        await Eventually.IsTrueAsync(async () => (await TotalsAsync()).SequenceEqual([new RecommendationOutcome("demo/3", 23, 0, 0)]));

        async Task<IReadOnlyList<RecommendationOutcome>> TotalsAsync()
        {
            try
            {
                return await outcomes.FindAsync();
            }
            catch (Exception e) when (StoreFailure.Is(e))
            {
                return []; // the connection is not back yet
            }
        }
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
