using Microsoft.Extensions.DependencyInjection;
using ProfileService.Lookup;
using ProfileService.Platform;
using ProfileService.Privacy;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Privacy;

/// <summary>Erasures with several processes, and while a store or a process is away.</summary>
[Needs(Need.Server)]
public sealed class ErasureOutageTests(TestServers servers)
{
    [Fact]
    public async Task EveryProcessForgetsTheUserBeforeTheReceiptSaysGone()
    {
        var redis = await servers.RedisAsync();
        (string, string)[] stores = [("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())), ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync())];
        using var one = new TestService(stores);
        using var other = new TestService(stores);
        await one.AcceptAsync(Event(1), Event(1, user: "u2"));
        await one.Client.NobodyIsDueAsync();
        foreach (var service in (TestService[])[one, other])
        {
            Assert.Equal(200, (await service.FreshAsync("u1")).Status);
            Assert.Equal(200, (await service.FreshAsync("u2")).Status);
            Assert.Equal(200, (await service.GetAsync("/v1/users/u2/similar")).Status);
            Assert.NotNull(service.Services.GetRequiredService<ProfileMemory>().Find("u1"));
        }

        var receipt = await EraseAsync(one, "u1");
        Assert.Equal(2, receipt.Json.GetProperty("removed").GetProperty("processes").GetInt32());
        foreach (var service in (TestService[])[one, other])
        {
            Assert.Null(service.Services.GetRequiredService<ProfileMemory>().Find("u1"));
            Assert.NotNull(service.Services.GetRequiredService<ProfileMemory>().Find("u2"));
            Assert.Equal(404, (await service.GetAsync("/v1/users/u1/profile")).Status);
            Assert.Empty((await service.GetAsync("/v1/users/u2/similar")).Json.GetProperty("users").EnumerateArray());
        }
    }

    [Fact]
    public async Task ProcessThatTheDatabaseDoesNotAnswerForgetsTheUserWhenRedisTellsIt()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var redis = await servers.RedisAsync();
        using var service = new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())), ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()));
        await service.AcceptAsync(Event(1), Event(1, user: "u2"));
        Assert.Equal(200, (await service.FreshAsync("u1")).Status);
        Assert.Equal(200, (await service.FreshAsync("u2")).Status);
        await postgres.KillAsync();
        var memory = service.Services.GetRequiredService<ProfileMemory>();
        Assert.NotNull(memory.Find("u1"));

        var channel = service.Services.GetRequiredService<RedisConnection>().Subscriber;
        await Eventually.IsTrueAsync(async () =>
        {
            await channel.PublishAsync(ErasureWatch.Channel, "u1");
            return memory.Find("u1") is null;
        });
        Assert.NotNull(memory.Find("u2"));
    }

    [Fact]
    public async Task ErasureWaitsForARedisThatIsAwayAndSaysSo()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await service.AcceptAsync(Event(1));
        await service.FreshAsync("u1");
        await redis.KillAsync();
        var reply = await service.SendAsync(HttpMethod.Delete, "/v1/users/u1", []);
        Assert.Equal((202, "pending"), (reply.Status, reply.Json.GetProperty("state").GetString()));
        var path = $"/v1/erasures/{reply.Json.GetProperty("receipt").GetString()}";
        await Eventually.IsTrueAsync(async () => (await service.GetAsync(path)).Json.TryGetProperty("waitingFor", out var reason) && reason.GetString() == "Redis does not answer");
        await redis.StartAgainAsync();
        await Eventually.IsTrueAsync(async () => (await service.GetAsync(path)).Json.GetProperty("state").GetString() == "done");
        Assert.Equal(404, (await service.GetAsync("/v1/users/u1/window")).Status);
        Assert.Equal(404, (await service.GetAsync("/v1/users/u1/profile")).Status);
    }

    [Fact]
    public async Task WithoutTheDatabaseAnErasureIsRefused()
    {
        await using var postgres = await PostgresServer.StartAsync();
        using var service = new TestService(("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()));
        await postgres.KillAsync();
        var reply = await service.SendAsync(HttpMethod.Delete, "/v1/users/u1", []);
        Assert.Equal("store_unavailable", reply.Problem(503).GetProperty("code").GetString());
        Assert.Contains("Retry-After", reply.Headers.Keys);
    }

    [Fact]
    public async Task ErasureThatAProcessLeftUndoneIsDoneByTheNext()
    {
        using var service = TestService.Without([typeof(ErasureWorker)]);
        await service.AcceptAsync(Event(1));
        var reply = await service.SendAsync(HttpMethod.Delete, "/v1/users/u1", []);
        Assert.Equal(202, reply.Status);
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/window")).Status);
        using var next = service.Restart();
        await GoneAsync(next, reply.Json.GetProperty("receipt").GetString()!);
        Assert.Equal(404, (await next.GetAsync("/v1/users/u1/window")).Status);
        Assert.Equal(1, (await next.PostAsync("/v1/events", Event(1).Json())).Json.GetProperty("erased").GetInt32());
    }

    private static async Task<Reply> EraseAsync(TestService service, string user) =>
        await GoneAsync(service, (await service.SendAsync(HttpMethod.Delete, $"/v1/users/{user}", [])).Json.GetProperty("receipt").GetString()!);

    private static async Task<Reply> GoneAsync(TestService service, string receipt)
    {
        await Eventually.IsTrueAsync(async () => (await service.GetAsync($"/v1/erasures/{receipt}")).Json.GetProperty("state").GetString() != "pending");
        return await service.GetAsync($"/v1/erasures/{receipt}");
    }
}
