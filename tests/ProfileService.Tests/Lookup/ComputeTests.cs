using System.Text;
using System.Text.Json;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>The profile of a session is that of a user with the same events and attributes, and leaves nothing behind.</summary>
public sealed class ComputeTests(FilteredShop shop) : IClassFixture<FilteredShop>
{
    private const string Path = "/v1/profiles/compute";
    private const string Attributes = """{"age":34,"gender":"female","unused":true}""";

    private static readonly string[] Parts = ["interests", "intent", "priceLevel", "sentiment", "attributes"];

    [Fact]
    public async Task ProfileIsTheOneThatARefreshComputes()
    {
        var events = Session("stored", 30);
        await shop.Service.AcceptAsync(events);
        await shop.Service.PutAsync("/v1/users/stored/attributes", Attributes);
        var stored = (await shop.Service.FreshAsync("stored")).Json;

        var random = new Random(3);
        WindowEvent[] shuffled = [.. events, .. events.Take(5)]; // in any order, and some of them twice
        random.Shuffle(shuffled);
        var computed = await ComputeAsync(shuffled, $$""" "attributes":{{Attributes}} """);
        foreach (var field in (string[])["vector", "dimension", "model", "eventCount", "evidence"])
            Assert.Equal(stored.GetProperty(field).GetRawText(), computed.GetProperty(field).GetRawText());
        foreach (var part in Parts)
        {
            Assert.Equal(
                stored.GetProperty("dimensions").GetProperty(part).GetRawText(),
                computed.GetProperty("dimensions").GetProperty(part).GetRawText());
        }
    }

    [Fact]
    public async Task RecommendationsAreThoseOfTheSameUser()
    {
        var events = Session("recommended", 12);
        await shop.Service.AcceptAsync(events);
        await shop.Service.FreshAsync("recommended");
        var asked = """{"count":7,"filter":{"excludeLabels":["even"]},"diversity":0.2}""";
        var stored = (await shop.Service.PostAsync("/v1/users/recommended/recommendations", asked)).Json;
        var computed = await ComputeAsync(events, $$""" "recommend":{{asked}} """);
        Assert.Equal(stored.GetProperty("items").GetRawText(), computed.GetProperty("items").GetRawText());
        Assert.Equal(7, computed.GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    public async Task GreatestValuesThatAreTakenHaveAProfile(double value)
    {
        WindowEvent[] events = [.. Session("extreme", 6).Select(e => e with { Kind = "purchase", Value = value })];
        var computed = await ComputeAsync(events, """ "recommend":{} """);
        Assert.Equal(value, computed.GetProperty("dimensions").GetProperty("activity").GetProperty("valueSum").GetDouble());
    }

    [Fact]
    public async Task EventsBeyondAWindowDoNotCount()
    {
        var all = await ComputeAsync(Session("long", 130));
        Assert.Equal(100, all.GetProperty("eventCount").GetInt32());
        var newest = await ComputeAsync([.. Session("long", 130).TakeLast(100)]);
        Assert.Equal(newest.GetProperty("vector").GetRawText(), all.GetProperty("vector").GetRawText());
    }

    [Fact]
    public async Task NothingIsStored()
    {
        const string Canary = "nobody-of-the-sort";
        var events = Session(Canary, 20).Select(e => e with { Text = "a-text-of-nobody" });
        await ComputeAsync([.. events], $$""" "attributes":{{Attributes}} """);
        Assert.Equal(404, (await shop.Service.GetAsync($"/v1/users/{Canary}/window")).Status);
        Assert.Equal(404, (await shop.Service.GetAsync($"/v1/users/{Canary}/attributes")).Status);
        Assert.Equal(404, (await shop.Service.GetAsync($"/v1/users/{Canary}/profile")).Status);
        var stored = Stored();
        Assert.Contains("u0001", stored, StringComparison.Ordinal); // of a user who is stored
        Assert.DoesNotContain(Canary, stored, StringComparison.Ordinal);
        Assert.DoesNotContain("a-text-of-nobody", stored, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"events":[],"attributes":{},"recommend":{}}""", true)]
    public async Task NothingKnownIsTheProfileOfAUserOfWhomNothingIsKnown(string body, bool hasItems)
    {
        await shop.Service.PutAsync("/v1/users/blank/attributes", """{"unused":true}""");
        var stored = (await shop.Service.FreshAsync("blank")).Json;
        var computed = (await shop.Service.PostAsync(Path, body)).Json;
        Assert.Equal(stored.GetProperty("vector").GetRawText(), computed.GetProperty("vector").GetRawText());
        Assert.Equal((0, 0.0), (computed.GetProperty("eventCount").GetInt32(), computed.GetProperty("evidence").GetDouble()));
        Assert.Equal(hasItems, computed.TryGetProperty("items", out _));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("""{"userId":"u1","kind":"stare","itemId":"i1","timestamp":"2026-11-01"}""")]
    [InlineData("""{"userId":"u1","kind":"view","itemId":"..","timestamp":"2026-11-01"}""")]
    [InlineData("""{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2126-11-01"}""")]
    [InlineData("""{"userId":"u1","kind":"view","itemId":"i1","timestamp":"soon"}""")]
    [InlineData("""{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-11-01","value":"dear"}""")]
    [InlineData("""{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-11-01","categories":["a",""]}""")]
    [InlineData("""{"userId":"u1","kind":"view","kind":"view","itemId":"i1","timestamp":"2026-11-01"}""")]
    [InlineData("""{"userId":"\ud800","kind":"view","itemId":"i1","timestamp":"2026-11-01"}""")]
    public async Task BadEventIsRefusedAsByTheEndpointOfEvents(string bad)
    {
        var events = $"[{Event(1).Json()},{bad}]";
        var there = (await shop.Service.PostAsync("/v1/events", events)).Json.GetProperty("problems")[0];
        var here = (await shop.Service.PostAsync(Path, $$"""{"events":{{events}}}""")).Problem(400);
        Assert.Equal(there.GetProperty("code").GetString(), here.GetProperty("code").GetString());
        var field = there.TryGetProperty("field", out var named) ? $"events[1].{named.GetString()}" : "events[1]";
        Assert.Equal(field, here.GetProperty("field").GetString());
        Assert.Equal($"events[1]: {there.GetProperty("detail").GetString()}", here.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("""{"events":{}}""", "wrong_type", "events")]
    [InlineData("""{"attributes":[]}""", "wrong_type", "attributes")]
    [InlineData("""{"attributes":{"age":[34]}}""", "wrong_type", "attributes.age")]
    [InlineData("""{"recommend":5}""", "wrong_type", "recommend")]
    [InlineData("""{"recommend":{"count":0}}""", "out_of_range", "recommend.count")]
    [InlineData("""{"recommend":{"filter":{"colour":"red"}}}""", "unknown_parameter", "recommend.filter.colour")]
    [InlineData("""{"userId":"u1"}""", "unknown_parameter", "userId")]
    public async Task BadFieldIs400ThatNamesIt(string body, string code, string field)
    {
        var problem = (await shop.Service.PostAsync(Path, body)).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task EventsOfTwoUsersAre400()
    {
        var problem = (await shop.Service.PostAsync(Path, Body([Event(1, "u1"), Event(2, "u2")]))).Problem(400);
        Assert.Equal("several_users", problem.GetProperty("code").GetString());
        Assert.Equal("events[1].userId", problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task MoreEventsThanABatchMayHaveAre400() => Assert.Equal(
        "too_many_events",
        (await shop.Service.PostAsync(Path, Body(Session("many", 1_001)))).Problem(400).GetProperty("code").GetString());

    [Fact]
    public async Task BodyOfMoreThanAMebibyteIs413()
    {
        var refused = await shop.Service.PostAsync(Path, $$"""{"events":[]{{new string(' ', 1 << 20)}}}""");
        Assert.Equal("too_large", refused.Problem(413).GetProperty("code").GetString());
    }

    [Fact]
    public async Task FieldsThatAreNotReadAreNamed()
    {
        var body = """{"events":[{"userId":"u1","kind":"view","itemId":"i1","timestamp":"2026-11-01","colour":"red"}]}""";
        var reply = (await shop.Service.PostAsync(Path, body)).Json;
        Assert.Equal(["colour"], reply.GetProperty("unknownFields").EnumerateArray().Select(f => f.GetString()));
    }

    [Fact]
    public async Task PackageWithoutItemVectorsComputesAndRecommendsNothing()
    {
        using var service = new TestService(("Model:Package", Repository.StarterPackage));
        var events = Session("u1", 3);
        Assert.Equal(200, (await service.PostAsync(Path, Body(events))).Status);
        var refused = await service.PostAsync(Path, Body(events, """ "recommend":{} """));
        Assert.Equal("no_item_vectors", refused.Problem(409).GetProperty("code").GetString());
    }

    private string Stored() => string.Concat(
        Directory.GetFiles(shop.Service.DataFolder, "*.db*", SearchOption.AllDirectories).Select(file => Encoding.Latin1.GetString(LiveFile.Read(file))));

    private static WindowEvent[] Session(string user, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => Event(
            60 * i, user, $"yoga-{1 + (i % 12):D3}", i % 4 == 3 ? "review" : i % 4 == 2 ? "purchase" : "view",
            category: i % 3 == 0 ? null : "yoga", value: i % 4 == 2 ? 20 + i : null, text: i % 4 == 3 ? "Lovely, fits well." : null)),
    ];

    private static string Body(WindowEvent[] events, string? more = null) =>
        $$"""{"events":[{{string.Join(',', events.Select(e => e.Json()))}}]{{(more is null ? "" : $",{more}")}}}""";

    private async Task<JsonElement> ComputeAsync(WindowEvent[] events, string? more = null)
    {
        var reply = await shop.Service.PostAsync(Path, Body(events, more));
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }
}
