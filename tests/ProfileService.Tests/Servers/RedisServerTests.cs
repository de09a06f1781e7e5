using StackExchange.Redis;

namespace ProfileService.Tests.Servers;

[Needs(Need.Server)]
public sealed class RedisServerTests
{
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
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.TesterConnectionString());

        await redis.PauseAsync();
        var reply = client.GetDatabase().PingAsync();
        Assert.False(reply.IsCompleted);
        await redis.ResumeAsync();

        await reply;
    }

    private static async Task SetAsync(RedisServer redis, string value)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.TesterConnectionString());
        await client.GetDatabase().StringSetAsync("key", value);
    }

    private static async Task<string?> GetAsync(RedisServer redis)
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.TesterConnectionString());
        return await client.GetDatabase().StringGetAsync("key");
    }
}
