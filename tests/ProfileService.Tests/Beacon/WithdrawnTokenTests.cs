using static ProfileService.Tests.Beacon.BeaconTests;

namespace ProfileService.Tests.Beacon;

/// <summary>What becomes of a token when its user is erased or merged, in the process that made it and in another.</summary>
[Needs(Need.Server)]
public sealed class WithdrawnTokenTests(TestServers servers)
{
    private const string Text = "text/plain";

    [Fact]
    public async Task ErasedUserIsNotBroughtBackByATokenOfBefore()
    {
        using var service = new TestService();
        await ErasedAsync(service, service);
    }

    [Fact]
    public async Task TokenOfBeforeAnErasureIsRefusedByAnotherProcessToo()
    {
        var (one, other) = await TwoAsync();
        using (one)
        using (other)
            await ErasedAsync(one, other);
    }

    /// <summary>The mark of such a user is ahead of the clock, too.</summary>
    [Fact]
    public async Task UserWhoseEventWasAheadOfTheClockMayComeBackAtOnce()
    {
        using var service = new TestService();
        var before = await TokenAsync(service, "ada");
        var (erased, earlier) = (In(minutes: 4), In(minutes: 1));
        Assert.Equal(202, (await service.PostAsync("/v1/beacon", Body(before, erased), Text)).Status);
        await EraseAsync(service, "ada");
        await AssertEndedAsync(service, before, In(minutes: 4));
        var anew = await TokenAsync(service, "ada");
        Assert.Equal(202, (await service.PostAsync("/v1/beacon", Body(anew, earlier, In(minutes: 4)), Text)).Status);
        Assert.Equal(1, await EventsAsync(service, "ada")); // the one that is later than all that was erased
    }

    [Fact]
    public async Task TokenOfOneProcessIsGoodAtAnother()
    {
        var (one, other) = await TwoAsync();
        using (one)
        using (other)
        {
            Assert.Equal(202, (await other.PostAsync("/v1/beacon", Body(await TokenAsync(one, "ada"), Of(1)), Text)).Status);
            Assert.Equal(1, await EventsAsync(one, "ada"));
        }
    }

    [Fact]
    public async Task TokenOfAnIdThatBecameAnAliasHasEnded()
    {
        using var service = new TestService();
        var (visitor, account) = (await TokenAsync(service, "visitor"), await TokenAsync(service, "ada"));
        Assert.Equal(202, (await service.PostAsync("/v1/beacon", Body(visitor, Of(1)), Text)).Status);
        Assert.Equal(200, (await service.PostAsync("/v1/users/ada/merge", """{"from":"visitor"}""")).Status);
        await AssertEndedAsync(service, visitor, Of(2));
        Assert.Equal(202, (await service.PostAsync("/v1/beacon", Body(account, Of(3)), Text)).Status);
        var anew = await TokenAsync(service, "visitor"); // the person's
        Assert.Equal(202, (await service.PostAsync("/v1/beacon", Body(anew, Of(4)), Text)).Status);
        Assert.Equal(3, await EventsAsync(service, "ada"));
    }

    [Fact]
    public async Task OtherProcessesLearnThatItHasEnded()
    {
        var (one, other) = await TwoAsync();
        using (one)
        using (other)
        {
            var visitor = await TokenAsync(one, "visitor");
            Assert.Equal(200, (await one.PostAsync("/v1/users/ada/merge", """{"from":"visitor"}""")).Status);
            await Eventually.IsTrueAsync(async () => (await other.PostAsync("/v1/beacon", Body(visitor, Of(1)), Text)).Status == 401);
        }
    }

    private static async Task ErasedAsync(TestService maker, TestService taker)
    {
        var (before, alias) = (await TokenAsync(maker, "ada"), await TokenAsync(maker, "visitor"));
        Assert.Equal(202, (await taker.PostAsync("/v1/beacon", Body(before, Of(1)), Text)).Status);
        await Eventually.IsTrueAsync(async () => (await maker.PostAsync("/v1/users/ada/merge", """{"from":"visitor"}""")).Status == 200);
        await EraseAsync(maker, "ada");
        var now = In(minutes: 0);
        foreach (var token in (string[])[before, alias])
            await AssertEndedAsync(taker, token, now);
        Assert.Equal((0, 0), (await EventsAsync(taker, "ada"), await EventsAsync(taker, "visitor")));
        var anew = await TokenAsync(maker, "ada"); // the person came back
        Assert.Equal(202, (await taker.PostAsync("/v1/beacon", Body(anew, now), Text)).Status);
    }

    private static string In(int minutes) =>
        $$"""{"kind":"view","itemId":"i1","timestamp":{{TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToUnixTimeMilliseconds()}}}""";

    private static async Task EraseAsync(TestService service, string user)
    {
        var erasure = (await service.SendAsync(HttpMethod.Delete, $"/v1/users/{user}", [])).Json.GetProperty("receipt").GetString();
        await Eventually.IsTrueAsync(async () =>
            await service.GetAsync($"/v1/erasures/{erasure}") is { Status: 200 } reply && reply.Json.GetProperty("state").GetString() != "pending");
    }

    private static async Task AssertEndedAsync(TestService service, string token, string e)
    {
        var problem = (await service.PostAsync("/v1/beacon", Body(token, e), Text)).Problem(401);
        Assert.Equal("token_expired", problem.GetProperty("code").GetString());
    }

    private async Task<(TestService One, TestService Other)> TwoAsync()
    {
        var redis = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        return (new TestService(settings), new TestService(settings));
    }
}
