using ProfileService.TestServers.Faults;

namespace ProfileService.Tests.Privacy;

/// <summary>As <see cref="ServerErasureTests"/>, where Redis has a replica.</summary>
[Needs(Need.Server)]
public sealed class FailoverErasureTests(TestServers servers)
{
    private const int Schedules = 200; // as many of the others
    private const int Share = 10; // one in so many has a failover, which takes seconds

    [Fact]
    public async Task NothingComesBackWhereRedisFailsOverMeanwhile()
    {
        await using var redis = await RedisPair.StartAsync();
        using var service = new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString + RedisServer.Patient),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
            ("Events:Archive", "Postgres"), ("Refresh:Lease", "00:00:02"));
        Assert.Equal([], await new FailoverSchedules(service, redis).RunAsync(first: 1, ErasureSchedules.Count(Schedules) / Share));
    }
}
