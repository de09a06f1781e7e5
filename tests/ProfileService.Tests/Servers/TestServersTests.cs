using Npgsql;
using StackExchange.Redis;

namespace ProfileService.Tests.Servers;

[Needs(Need.Server)]
public sealed class TestServersTests(TestServers servers)
{
    [Fact]
    public async Task EachTestTakesARedisDatabaseOfItsOwn()
    {
        var redis = await servers.RedisAsync();
        await using var mine = await ConnectionMultiplexer.ConnectAsync(redis.TesterConnectionString(redis.TakeDatabase()));
        await using var other = await ConnectionMultiplexer.ConnectAsync(redis.TesterConnectionString(redis.TakeDatabase()));

        await mine.GetDatabase().StringSetAsync("key", "mine");

        Assert.False(await other.GetDatabase().KeyExistsAsync("key"));
    }

    [Fact]
    public async Task EachTestMakesAPostgresDatabaseOfItsOwn()
    {
        var postgres = await servers.PostgresAsync();
        var (mine, other) = (await postgres.CreateEmptyDatabaseAsync(), await postgres.CreateEmptyDatabaseAsync());

        await RunAsync(mine, "CREATE TABLE words (word text)");
        await RunAsync(other, "CREATE TABLE words (word text)");
    }

    private static async Task RunAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
