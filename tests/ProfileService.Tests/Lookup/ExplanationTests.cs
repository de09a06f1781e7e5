using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

public sealed class ExplanationTests(TestService service) : IClassFixture<TestService>
{
    private static string NewUser => $"user-{Guid.NewGuid():N}";

    [Fact]
    public async Task ExplanationHasTheModelsAttentionAndWhatEachEventChanges()
    {
        var user = await UserAsync();
        var reply = await service.GetAsync($"/v1/users/{user}/explanation");
        Assert.Equal(200, reply.Status);
        var events = reply.Json.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(8, events.Count);
        Assert.Equal(1, events.Sum(e => e.GetProperty("attention").GetDouble()), 1e-4);
        Assert.Equal([.. events.Select(e => e.GetProperty("timestamp").GetDateTime()).Order()], events.Select(e => e.GetProperty("timestamp").GetDateTime()));

        Assert.All(events, e => Assert.InRange(e.GetProperty("change").GetDouble(), 0, 2));
        var leftOut = reply.Json.GetProperty("withoutEvent").EnumerateArray().Select(l => (l.GetProperty("eventId").GetString(), l.GetProperty("change").GetDouble()));
        var greatest = events.Select(e => (e.GetProperty("eventId").GetString(), e.GetProperty("change").GetDouble())).OrderByDescending(e => e.Item2).Take(5);
        Assert.Equal(greatest, leftOut);
    }

    [Fact]
    public async Task InterestsOfTheExplanationAreTheProfiles()
    {
        var user = await UserAsync();
        var profile = (await service.FreshAsync(user)).Json.GetProperty("dimensions").GetProperty("interests").EnumerateArray().ToList();
        var explained = (await service.GetAsync($"/v1/users/{user}/explanation")).Json.GetProperty("dimensions").GetProperty("interests").EnumerateArray().ToList();
        Assert.Equal(profile.Select(Named), explained.Select(Named));
        Assert.Equal(8, explained.Sum(i => i.GetProperty("events").GetInt32()));

        static (string?, double) Named(JsonElement interest) => (interest.GetProperty("category").GetString(), interest.GetProperty("share").GetDouble());
    }

    [Theory]
    [InlineData("vector", true, false, false)]
    [InlineData("dimensions", false, true, false)]
    [InlineData("dimensions,explanation", false, true, true)]
    [InlineData("vector,dimensions", true, true, false)]
    public async Task IncludeChoosesTheParts(string include, bool vector, bool dimensions, bool explanation)
    {
        var user = await UserAsync();
        var profile = (await service.GetAsync($"/v1/users/{user}/profile?fresh=true&include={include}")).Json;
        Assert.Equal((vector, dimensions, explanation), (profile.TryGetProperty("vector", out _), profile.TryGetProperty("dimensions", out _), profile.TryGetProperty("explanation", out _)));
        Assert.Equal(8, profile.GetProperty("eventCount").GetInt32());
        Assert.Equal(0, profile.GetProperty("freshness").GetProperty("pendingEvents").GetInt32());
    }

    [Fact]
    public async Task HeadsAreShownWherePackageTellsThem()
    {
        using var demo = new TestService(("Model:Package", Repository.Path("models/demo/3")));
        await demo.AcceptAsync(Event(1, item: "yoga-001"), Event(2, item: "yoga-002"), Event(3, item: "baking-001"));
        Assert.Equal(200, (await demo.PutAsync("/v1/users/u1/attributes", """{ "age": 34 }""")).Status);
        var heads = (await demo.GetAsync("/v1/users/u1/explanation")).Json.GetProperty("events").EnumerateArray()
            .Select(e => e.GetProperty("heads").EnumerateArray().Select(h => h.GetDouble()).ToArray()).ToList();
        Assert.All(heads, h => Assert.Equal(2, h.Length));
        foreach (var head in (int[])[0, 1])
            Assert.InRange(heads.Sum(h => h[head]), 0.01, 0.999); // the rest lies on the attribute

        using var starter = new TestService(("Model:Package", Repository.StarterPackage));
        await starter.AcceptAsync(Event(1, item: "yoga-001"));
        Assert.False((await starter.GetAsync("/v1/users/u1/explanation")).Json.GetProperty("events")[0].TryGetProperty("heads", out _));
    }

    [Fact]
    public async Task UnknownPartAndUnknownUserAreTold()
    {
        foreach (var parts in (string[])["vector,all", "", ","])
            Assert.Equal("include", (await service.GetAsync($"/v1/users/{await UserAsync()}/profile?include={parts}")).Problem(400).GetProperty("field").GetString());
        (await service.GetAsync($"/v1/users/{NewUser}/explanation")).Problem(404);
        (await service.GetAsync($"/v1/users/{new string('x', 200)}/explanation")).Problem(404);
    }

    private async Task<string> UserAsync()
    {
        var user = NewUser;
        await service.AcceptAsync(
            Event(1, user, "yoga-001", category: "yoga", value: 20), Event(2, user, "yoga-002", "cart", category: "yoga"), Event(3, user, "yoga-002", "purchase", category: "yoga", value: 20),
            Event(4, user, "baking-001", category: "baking"), Event(5, user, "baking-002", category: "baking"), Event(6, user, "yoga-003", category: "yoga"),
            Event(7, user, "baking-003", "like", category: "baking"), Event(8, user, "yoga-004", category: "yoga"));
        return user;
    }
}
