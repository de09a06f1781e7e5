using Npgsql;
using ProfileService.Storage;

namespace ProfileService.Tests.Privacy;

/// <summary>The first start of services that share a database, whatever others do there.</summary>
[Needs(Need.Server)]
public sealed class LedgerStartTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public async Task ItSucceedsWhileAWriterHoldsTheLockOfErasures(string ledgerKey)
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        await using var postgres = NpgsqlDataSource.Create(database);
        await using var writer = await postgres.OpenConnectionAsync(Token);
        await using var transaction = await writer.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand(PostgresProfileDbContext.ShareErasureLock, writer, transaction))
            await hold.ExecuteNonQueryAsync(Token);

        var redis = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", database),
            ("Privacy:LedgerKey", ledgerKey),
        ];
        using var one = new TestService(settings);
        using var other = new TestService(settings);
        foreach (var service in new[] { one, other })
            Assert.Equal(200, (await service.GetAsync("/v1/status")).Status);
    }
}
