using ProfileService.Auth;
using ProfileService.Platform;
using ProfileService.Tests.Auth;
using StackExchange.Redis;
using static ProfileService.TestServers.Common.TestEvents;
using static ProfileService.Tests.Auth.KeyedService;

namespace ProfileService.Tests.Windows.Redis;

/// <summary>What the service's user of deploy/redis/users.conf may and may not.</summary>
[Needs(Need.Server)]
public sealed class RedisUserTests(TestServers servers)
{
    /// <summary>Also what the service does without caring for an answer.</summary>
    [Fact]
    public async Task WholeServiceIsRefusedNothing()
    {
        await using var redis = await RedisServer.StartAsync();
        using (var keyed = new KeyedService(
            ("ConnectionStrings:Redis", $"{redis.ConnectionString()},$CONFIG="),
            ("Windows:DurabilityIsKnown", "true"),
            ("Windows:RememberSeen", "true")))
        {
            var key = Bearer(await keyed.KeyAsync(new NewKey("limited", Scopes.All, null, Requests: 1_000, Events: 1_000, Users: 1_000)));
            var events = Enumerable.Range(0, 40).Select(i => Event(i % 13, $"u{i % 8}").Json()); // some are late, some known
            Assert.Equal(202, (await keyed.Service.PostAsync("/v1/events", $"[{string.Join(',', events)}]", "application/json", key)).Status);
            foreach (var path in (string[])["/v1/users/u1/profile?fresh=true", "/v1/users/u1/window", "/v1/users/u2/explanation", "/v1/users/u1/recommendations", "/v1/status"])
                Assert.Equal(200, (await keyed.Service.GetAsync(path, key)).Status);
            await keyed.Service.Client.ReadyAsync(200);
            Assert.Equal(200, (await keyed.Service.PostAsync("/v1/profiles/lookup", """{"userIds":["u1","u2","u3"]}""", "application/json", key)).Status);
        }

        Assert.StartsWith("*0\r\n", await RedisLine.SendAsync(redis.Port, "ACL LOG"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FLUSHALL")]
    [InlineData("KEYS", "*")]
    [InlineData("CONFIG", "GET", "maxmemory")]
    [InlineData("CONFIG", "SET", "maxmemory", "1")]
    [InlineData("ACL", "LIST")]
    [InlineData("CLIENT", "LIST")]
    [InlineData("REPLICAOF", "NO", "ONE")]
    [InlineData("GET", "another's")]
    [InlineData("EVAL", "return redis.call('GET', KEYS[1])", "1", "another's")]
    [InlineData("PUBLISH", "another's", "x")]
    public async Task ServicesUserMayNot(params string[] command)
    {
        using var redis = new RedisConnection((await servers.RedisAsync()).ConnectionString());
        var refused = await Assert.ThrowsAsync<RedisServerException>(() => redis.Primaries[0].ExecuteAsync(command[0], [.. command[1..]]));
        Assert.StartsWith("NOPERM", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyGetsInWithoutAName()
    {
        var redis = await servers.RedisAsync();
        var refused = await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},connectTimeout=60000"));
        Assert.Equal(ConnectionFailureType.AuthenticationFailure, refused.FailureType);
    }
}
