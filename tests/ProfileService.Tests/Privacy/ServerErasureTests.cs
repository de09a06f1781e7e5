namespace ProfileService.Tests.Privacy;

/// <summary>Windows in Redis, all else in Postgres, with the archive.</summary>
[Needs(Need.Server)]
public sealed class ServerErasureTests(TestServers servers) : ErasureContract
{
    private protected override async Task<TestService> StartAsync()
    {
        var redis = await servers.RedisAsync();
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        return new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", postgres),
            ("Events:Archive", "Postgres"),
            ("Windows:RememberSeen", "true"));
    }
}
