using Npgsql;
using StackExchange.Redis;

namespace ProfileService.Tests.Servers;

public sealed class TestServersTests(TestServers servers)
{
    [Fact]
    public async Task EachTestTakesARedisDatabaseOfItsOwn()
    {
        var redis = await servers.RedisAsync();
        await using var mine = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionStringFor(redis.TakeDatabase()));
        await using var other = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionStringFor(redis.TakeDatabase()));

        await mine.GetDatabase().StringSetAsync("key", "mine");

        Assert.False(await other.GetDatabase().KeyExistsAsync("key"));
    }

    [Fact]
    public async Task RedisKilledWithItsFileOnComesBackWithItsData()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await SetAsync(redis, "kept");

        await redis.KillAsync();
        await redis.StartAgainAsync();

        Assert.Equal("kept", await GetAsync(redis));
    }

    [Fact]
    public async Task RedisKilledWithoutAFileComesBackEmpty()
    {
        await using var redis = await RedisServer.StartAsync();
        await SetAsync(redis, "lost");

        await redis.KillAsync();
        await redis.StartAgainAsync();

        Assert.Null(await GetAsync(redis));
    }

    [Fact]
    public async Task PausedRedisAnswersAgainAfterResume()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);

        await redis.PauseAsync();
        var reply = client.GetDatabase().PingAsync();
        Assert.False(reply.IsCompleted);
        await redis.ResumeAsync();

        await reply;
    }

    [Fact]
    public async Task EachTestMakesAPostgresDatabaseOfItsOwn()
    {
        var postgres = await servers.PostgresAsync();
        var (mine, other) = (await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());

        await RunAsync(mine, "CREATE TABLE words (word text)");

        Assert.Equal(DBNull.Value, await RunAsync(other, "SELECT to_regclass('words')::text"));
    }

    [Fact]
    public async Task PostgresComesBackAfterAKillAndAfterAStop()
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        var database = await postgres.CreateDatabaseAsync();
        await RunAsync(database, "CREATE TABLE words AS SELECT 'kept' AS word");

        await postgres.KillAsync();
        await postgres.StartAgainAsync();
        Assert.Equal("kept", await RunAsync(database, "SELECT word FROM words"));

        await postgres.StopAsync();
        await postgres.StartAgainAsync();
        Assert.Equal("kept", await RunAsync(database, "SELECT word FROM words"));
    }

    [Fact]
    public async Task PausedPostgresAnswersOpenConnectionsAgainAfterResume()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var connection = new NpgsqlConnection($"{postgres.ConnectionString("postgres")};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);

        await postgres.PauseAsync();
        var reply = command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        Assert.False(reply.IsCompleted);
        await postgres.ResumeAsync();

        Assert.Equal(1, await reply);
    }

    private static async Task SetAsync(RedisServer redis, string value)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await client.GetDatabase().StringSetAsync("key", value);
    }

    private static async Task<string?> GetAsync(RedisServer redis)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        return await client.GetDatabase().StringGetAsync("key");
    }

    private static async Task<object?> RunAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
