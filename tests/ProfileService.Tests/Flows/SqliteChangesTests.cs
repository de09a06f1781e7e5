using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProfileService.Profiles;
using static ProfileService.Tests.Flows.FollowedLines;

namespace ProfileService.Tests.Flows;

public sealed class SqliteChangesTests : ChangesContract
{
    [Fact]
    public async Task CursorOutlivesARestartAndTheNumberOfAnErasedUserIsNotGivenAgain()
    {
        using var service = new TestService();
        await StoreAsync(service, "a");
        await service.AcceptAsync(EventAt(-1, Canary));
        Assert.Equal(200, (await service.FreshAsync(Canary)).Status);
        var (changes, cursor) = await service.FollowUntilAsync(2);
        Assert.Equal(["a", Canary], changes.Select(change => change.UserOf()));
        var receipt = (await service.SendAsync(HttpMethod.Delete, $"/v1/users/{Canary}", [])).Json.GetProperty("receipt").GetString();
        await Eventually.IsTrueAsync(async () =>
            await service.GetAsync($"/v1/erasures/{receipt}") is { Status: 200 } reply && reply.Json.GetProperty("state").GetString() != "pending");

        using var again = service.Restart();
        await StoreAsync(again, "b");
        var (later, _) = await again.FollowUntilAsync(2, cursor);
        Assert.Equal(["b", null], later.Select(change => change.UserOf()));
    }

    [Fact]
    public async Task FollowersBeyondTheBoundAreRefusedWithRetryAfter()
    {
        using var service = new TestService(("Flows:MaxFollowers", "1"));
        using (await service.OpenEventsAsync(Beginning))
        {
            var refused = await service.GetAsync("/v1/profiles/changes?wait=1");
            Assert.Equal("overloaded", refused.Problem(503).GetProperty("code").GetString());
            Assert.Equal("1", refused.Headers["Retry-After"]);
            Assert.Equal(200, (await service.GetAsync("/v1/users")).Status);
        }

        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/profiles/changes")).Status == 200);
    }

    [Fact]
    public async Task WaitsEndWithACursorWhenTheServiceStops()
    {
        using var service = new TestService();
        using var waiting = await service.Client.GetAsync("/v1/profiles/changes?wait=30", HttpCompletionOption.ResponseHeadersRead, Token);
        using var events = await service.OpenEventsAsync(Beginning);
        var stop = Task.Run(service.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication, Token);
        Assert.Equal("{\"cursor\":\"1.0.0.0.0\"}\n", await waiting.Content.ReadAsStringAsync(Token));
        Assert.NotNull(await events.ReadToEndAsync(Token));
        await stop;
    }

    private protected override Task<TestService> StartAsync() => Task.FromResult(new TestService());

    private static async Task StoreAsync(TestService service, string user)
    {
        var model = service.Services.GetRequiredService<ProfileService.Model.ModelRegistry>().Active;
        await service.Services.GetRequiredService<ProfileStore>().StoreAsync([Profile(user, 1, model)], Token);
    }
}
