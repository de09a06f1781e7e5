using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Items;
using ProfileService.Platform;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Items;

/// <summary>Items that events name and nobody puts.</summary>
public sealed class ItemLearningTests
{
    private static readonly (string, string)[] Learning = [("Items:Learn", "true"), ("Items:LearnUsers", "2")];

    [Fact]
    public async Task ItemIsLearnedOnceEnoughUsersMetIt()
    {
        using var service = new TestService(Learning);
        await MeetAsync(service, "a", "tea-1");
        await MeetAsync(service, "a", "tea-1", seconds: 2); // the same user
        await MeetAsync(service, "b", "tea-2");
        await MeetAsync(service, "b", "tea-1");
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/items/tea-1")).Status == 200);
        var learned = (await service.GetAsync("/v1/items/tea-1")).Json.GetRawText();
        Assert.Equal("""{"itemId":"tea-1","categories":["tea","drinks"],"labels":[],"available":true}""", learned);
        Assert.Equal(404, (await service.GetAsync("/v1/items/tea-2")).Status);
    }

    [Fact]
    public async Task WhatSomebodyPutOrDeletedStays()
    {
        using var service = new TestService(Learning);
        await service.PutAsync("/v1/items/put", """{"title":"Of the shop"}""");
        await service.Client.DeleteAsync(new Uri("/v1/items/deleted", UriKind.Relative), TestContext.Current.CancellationToken);
        foreach (var user in (string[])["a", "b"])
        {
            foreach (var item in (string[])["put", "deleted", "last"])
                await MeetAsync(service, user, item);
        }

        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/items/last")).Status == 200);
        Assert.Equal("Of the shop", (await service.GetAsync("/v1/items/put")).Json.GetProperty("title").GetString());
        Assert.Equal(404, (await service.GetAsync("/v1/items/deleted")).Status);
    }

    [Fact]
    public async Task WhoCountsIsAPersonThatIsHereAndAllowsAProfile()
    {
        using var service = new TestService([.. Learning, ("Privacy:WithoutProfile", "Keep")]);
        foreach (var alias in (string[])["x1", "x2"])
            await service.PostAsync("/v1/users/solo/merge", $$"""{"from":"{{alias}}"}""");
        foreach (var user in (string[])["silent-1", "silent-2"])
            await service.PutAsync($"/v1/users/{user}/purposes", """{"profile":false,"explain":false,"similar":false,"train":false}""");
        foreach (var (second, user) in new[] { "solo", "x1", "x2", "silent-1", "silent-2", "leaver" }.Index())
            await MeetAsync(service, user, user == "leaver" ? "of-a-leaver" : "of-one", second);
        var receipt = (await service.SendAsync(HttpMethod.Delete, "/v1/users/leaver", [])).Json.GetProperty("receipt").GetString();
        await Eventually.IsTrueAsync(async () =>
            await service.GetAsync($"/v1/erasures/{receipt}") is { Status: 200 } reply && reply.Json.GetProperty("state").GetString() == "done");
        await MeetAsync(service, "a", "of-a-leaver");
        foreach (var user in (string[])["a", "b"])
            await MeetAsync(service, user, "last", seconds: 2);
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/items/last")).Status == 200);
        Assert.Equal(404, (await service.GetAsync("/v1/items/of-one")).Status);
        Assert.Equal(404, (await service.GetAsync("/v1/items/of-a-leaver")).Status);
    }

    [Fact]
    public async Task UsersWhoAreMergedBeforeTheItemIsLearnedAreOnePerson()
    {
        using var service = new TestService([.. Learning, ("Items:LearnUsers", "3")]);
        foreach (var (second, visitor) in new[] { "v1", "v2" }.Index())
        {
            await MeetAsync(service, visitor, "of-one", second);
            Assert.Equal(200, (await service.PostAsync("/v1/users/p/merge", $$"""{"from":"{{visitor}}"}""")).Status);
        }

        await MeetAsync(service, "p", "of-one", seconds: 2);
        await MeetAsync(service, "a", "of-one");
        foreach (var user in (string[])["a", "b", "p"])
            await MeetAsync(service, user, "last", seconds: 3);
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/items/last")).Status == 200);
        Assert.Equal(404, (await service.GetAsync("/v1/items/of-one")).Status);
        await MeetAsync(service, "b", "of-one");
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/items/of-one")).Status == 200);
    }

    [Fact]
    public void CountingBeginsAnewWhereItWouldTakeTooMuchMemory()
    {
        const int Enough = 1_000;
        using var service = TestService.Without([typeof(LearnWorker)], ("Items:Learn", "true"), ("Items:LearnUsers", $"{Enough}"));
        var learner = service.Services.GetRequiredService<ItemLearner>();
        for (var noted = 0; noted < ItemLearner.MaxWaiting; noted++)
            learner.Note($"u{noted % (Enough - 1)}", $"i{noted / (Enough - 1)}", ["tea"]);
        learner.Note("last", "i0", ["tea"]); // the first one of its users again
        for (var user = 0; user < Enough - 2; user++)
            learner.Note($"u{user}", "i0", ["tea"]);
        Assert.Empty(learner.Take());
        learner.Note($"u{Enough - 2}", "i0", ["tea"]);
        Assert.Equal(["i0"], learner.Take().Select(item => item.ItemId));
    }

    [Fact]
    public async Task NothingIsLearnedUnlessToldTo()
    {
        using var service = new TestService(("Items:LearnUsers", "1"));
        await MeetAsync(service, "a", "tea-1");
        Assert.Empty(service.Services.GetRequiredService<ItemLearner>().Take());
    }

    /// <summary>An event that was stored before the erasure may be noted after it.</summary>
    [Fact]
    public void WhatIsNotedOfAnErasedUserCountsNobody()
    {
        using var service = TestService.Without([typeof(LearnWorker)], Learning);
        var learner = service.Services.GetRequiredService<ItemLearner>();
        var hash = service.Services.GetRequiredService<UserHash>().Of("leaver");
        service.Services.GetRequiredService<ErasedUsers>().ForgetByHash(new Dictionary<string, long> { [hash] = 1 });
        foreach (var user in (string[])["leaver", "a"])
            learner.Note(user, "of-a-leaver", ["tea"]);
        foreach (var user in (string[])["a", "b"])
            learner.Note(user, "of-two", ["tea"]);
        Assert.Equal(["of-two"], learner.Take().Select(item => item.ItemId));
    }

    [Fact]
    public void UserWhoComesBackLongAfterAnErasureCounts()
    {
        var (time, hashes) = (new FakeTimeProvider(), new UserHash());
        hashes.Use(new byte[UserHash.KeyBytes]);
        var erased = new ErasedUsers(hashes, new UserChanges(), time);
        erased.Forget("leaver", hashes.Of("leaver"), 1);
        var options = Options.Create(new ItemOptions { Learn = true, LearnUsers = 1 });
        var learner = new ItemLearner(new ItemCatalogue(), erased, new UserAliases(erased), options);
        learner.Note("leaver", "at-once", ["tea"]);
        time.Advance(TimeSpan.FromDays(1)); // without another erasure
        learner.Note("leaver", "a-day-later", ["tea"]);
        Assert.Equal(["a-day-later"], learner.Take().Select(item => item.ItemId));
    }

    /// <summary>Met under another id, which became an alias before the erasure; the erasure names the person.</summary>
    [Fact]
    public void PersonThatWasErasedIsNotCountedUnderAnAlias()
    {
        var hashes = new UserHash();
        hashes.Use(new byte[UserHash.KeyBytes]);
        var erased = new ErasedUsers(hashes, new UserChanges(), TimeProvider.System);
        var aliases = new UserAliases(erased);
        var learner = new ItemLearner(new ItemCatalogue(), erased, aliases, Options.Create(new ItemOptions { Learn = true, LearnUsers = 2 }));
        learner.Note("alias", "i1", ["tea"]);
        aliases.Take("alias", new UserAlias("leaver", 0));
        erased.Forget("leaver", hashes.Of("leaver"), 1);
        learner.Note("a", "i1", ["tea"]);
        Assert.Empty(learner.Take());
        learner.Note("b", "i1", ["tea"]);
        Assert.Equal(["i1"], learner.Take().Select(item => item.ItemId));
    }

    private static async Task MeetAsync(TestService service, string user, string item, int seconds = 1) =>
        await service.AcceptAsync(Event(seconds, user) with { ItemId = item, Categories = ["tea", "drinks"] });
}
