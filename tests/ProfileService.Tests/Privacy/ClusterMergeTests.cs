namespace ProfileService.Tests.Privacy;

/// <summary>Windows in a Redis Cluster: the two ids lie in different slots, mostly on different nodes.</summary>
[Needs(Need.Server)]
[Collection("cluster")]
public sealed class ClusterMergeTests(TestServers servers) : MergeContract
{
    private protected override async Task<TestService> StartAsync()
    {
        var cluster = await servers.ClusterAsync();
        await cluster.FlushAsync();
        return new TestService(
            ("ConnectionStrings:Redis", cluster.ConnectionString),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()));
    }
}
