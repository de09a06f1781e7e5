using System.Runtime.InteropServices;
using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>What the API shows, read and written, down to what may be left out.</summary>
public sealed class ShapeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProfileIsReadWithAllItsParts()
    {
        var server = new StubServer(() => StubServer.Ok("""
            {"userId":"u1","vector":[0.6,0.8],"dimension":2,"model":"demo/3","revision":7,"eventCount":50,"evidence":0.83,
             "freshness":{"computedAt":"2026-11-22T10:00:00Z","eventsThrough":"2026-11-22T09:00:00Z","ageSeconds":0.4,"pendingEvents":0,"stale":false},
             "dimensions":{"interests":[{"category":"yoga","share":0.52,"trend":0.1,"against":0.04}],
              "activity":{"lastEventAt":"2026-11-22T09:00:00Z","recencyDays":0.4,"events":50,"eventsPerDay":1.2,"sessions":7,"valueSum":812.5,"hours":[1,0],"weekdays":[0.5,0.5,0,0,0,0,0],"firstEventAt":"2026-11-02T09:00:00Z"},
              "intent":{"browse":0.7,"compare":0.1,"buy":0.1,"feedback":0.1},"priceLevel":{"median":35.0,"low":12.0,"high":90.0,"events":20},
              "sentiment":{"mean":0.4,"trend":-0.1,"texts":3},"attributes":{"age":34,"gender":"female","member":true}},
             "explanation":{"events":[],"withoutEvent":[{"eventId":"e1","change":0.03}]},"somethingNew":1}
            """));
        var profile = await ClientOf(server).GetProfileAsync("u1", ProfileParts.Vector | ProfileParts.Dimensions | ProfileParts.Explanation, fresh: true, cancellationToken: Token);
        Assert.Equal("GET /v1/users/u1/profile?include=vector%2Cdimensions%2Cexplanation&fresh=true", server.Requests[0].Asked);
        Assert.Equal([0.6f, 0.8f], profile!.Vector!);
        Assert.Equal(0.83, profile.Evidence);
        var dimensions = profile.Dimensions!;
        Assert.Equal(new Interest("yoga", 0.52, 0.1, 0.04), Assert.Single(dimensions.Interests!));
        Assert.Equal((50, 7, 812.5, 7), (dimensions.Activity!.Events, dimensions.Activity.Sessions, dimensions.Activity.ValueSum, dimensions.Activity.Weekdays!.Count));
        Assert.Equal(new Intent(0.7, 0.1, 0.1, 0.1), dimensions.Intent);
        Assert.Equal(20, (dimensions.Activity.LastEventAt - dimensions.Activity.FirstEventAt)!.Value.TotalDays);
        Assert.Equal(new PriceLevel(35, 20, 12, 90), dimensions.PriceLevel);
        Assert.Equal(new TextSentiment(0.4, 3, -0.1), dimensions.Sentiment);
        Assert.Equal((34, "female", true), (dimensions.Attributes!["age"].Number, dimensions.Attributes["gender"].Text, dimensions.Attributes["member"].Flag));
        Assert.Equal(new LeftOutEvent("e1", 0.03), Assert.Single(profile.Explanation!.WithoutEvent!));
    }

    [Fact]
    public async Task ProfileWithoutEventsAndPartsIsReadToo()
    {
        var server = new StubServer(() => StubServer.Ok("""{"userId":"u1","model":"m/1","revision":1,"eventCount":0,"freshness":{"computedAt":"2026-11-22T10:00:00Z","ageSeconds":0,"pendingEvents":0,"stale":false},"dimensions":{}}"""));
        var profile = await ClientOf(server).GetProfileAsync("u1", ProfileParts.Dimensions, cancellationToken: Token);
        Assert.Equal("GET /v1/users/u1/profile?include=dimensions", server.Requests[0].Asked);
        Assert.Null(profile!.Vector);
        Assert.Null(profile.Freshness.EventsThrough);
        Assert.Equal(new ProfileDimensions(), profile.Dimensions);
    }

    [Fact]
    public async Task ExplanationIsRead()
    {
        var server = new StubServer(() => StubServer.Ok("""
            {"userId":"u1","model":"demo/3","revision":7,
             "events":[{"eventId":"e1","kind":"view","itemId":"i1","timestamp":"2026-11-22T10:00:00Z","categories":["yoga"],"value":3,"sentiment":0.5,"attention":0.12,"change":0.03,"segments":{"now":0.9,"facts":0.1},"heads":[0.1,0.14]}],
             "dimensions":{"interests":[{"category":"yoga","share":0.52,"against":0.04,"events":4,"attention":0.5}]},"withoutEvent":[{"eventId":"e1","change":0.03}],
             "withoutAttribute":[{"name":"age","change":0.002}],"segments":{"now":0.4,"facts":0.6}}
            """));
        var explanation = await ClientOf(server).GetExplanationAsync("u1", Token);
        var e = Assert.Single(explanation!.Events);
        Assert.Equal((0.12, 0.03, 0.5, 2), (e.Attention, e.Change, e.Sentiment, e.Heads!.Count));
        Assert.Equal(new LeftOutEvent("e1", 0.03), Assert.Single(explanation.WithoutEvent!));
        Assert.Equal(new AttributeLeftOut("age", 0.002), Assert.Single(explanation.WithoutAttribute!));
        Assert.Equal(new ExplainedInterest("yoga", 0.52, 4, 0.5, 0.04), Assert.Single(explanation.Dimensions!.Interests!));
        Assert.Equal((0.9, 0.6), (e.Segments!["now"], explanation.Segments!["facts"]));
    }

    [Fact]
    public async Task WhatMayComeNextIsRead()
    {
        var server = new StubServer(
            () => StubServer.Ok("""{"userId":"u1","model":"demo/3","revision":7,"items":[{"itemId":"i1","score":0.71,"title":"Mat","categories":["yoga"],"price":3.5},{"itemId":"i2","score":0.7}]}"""),
            () => StubServer.Ok("""{"userId":"u1","model":"demo/3","revision":7,"kinds":[{"kind":"view","probability":1}]}"""),
            () => StubServer.Ok("""{"userId":"u1","model":"demo/3","search":"hnsw","users":[{"userId":"u2","similarity":0.93}]}"""),
            () => StubServer.Ok("""{"users":["u0001"],"total":500}"""));
        var client = ClientOf(server);
        var recommended = await client.GetRecommendationsAsync("u1", 2, excludeSeen: false, ["yoga", "a&b"], Token);
        Assert.Equal((3.5, "Mat", null), (recommended!.Items[0].Price, recommended.Items[0].Title, recommended.Items[1].Title));
        Assert.Equal(new PredictedKind("view", 1), Assert.Single((await client.GetPredictionsAsync("u1", Token))!.Kinds!));
        Assert.Equal(new SimilarUser("u2", 0.93), Assert.Single((await client.GetSimilarAsync("u1", 3, Token))!.Users));
        Assert.Equal(500, (await client.FindUsersAsync("u00", 1, Token)).Total);
        Assert.Equal(
            [
                "GET /v1/users/u1/recommendations?count=2&excludeSeen=false&categories=yoga&categories=a%26b",
                "GET /v1/users/u1/predictions",
                "GET /v1/users/u1/similar?count=3",
                "GET /v1/users?prefix=u00&count=1",
            ],
            server.Requests.Select(r => r.Asked));
    }

    [Fact]
    public async Task PagesAreAskedForOneAfterTheOther()
    {
        var server = new StubServer(
            () => StubServer.Ok("""{"userId":"u1","model":"demo/3","revision":7,"items":[{"itemId":"i1","score":0.7}],"recommendationId":"r1","after":"a1"}"""),
            () => StubServer.Ok("""{"userId":"u1","model":"demo/3","revision":7,"items":[]}"""),
            () => StubServer.Ok("""{"accepted":1,"duplicates":0,"late":0,"erased":0,"rejected":0,"problems":[]}"""),
            () => StubServer.Ok("""{"empty":false,"due":0,"model":"demo/3","provider":"Cpu","recommendations":[{"model":"demo/3","shown":1,"clicked":2,"bought":3}]}"""));
        var client = ClientOf(server);
        var pages = await client.GetRecommendationPagesAsync("u1", new RecommendationRequest { Count = 1 }, Token).ToListAsync(Token);
        Assert.Equal(["r1", null], pages.Select(p => p.RecommendationId));
        await client.SendEventsAsync([new UserEvent { UserId = "u1", Kind = "click", ItemId = "i1", Timestamp = DateTimeOffset.UnixEpoch, RecommendationId = "r1" }], Token);
        Assert.Equal(new RecommendationOutcome("demo/3", 1, 2, 3), Assert.Single((await client.GetStatusAsync(Token)).Recommendations!));
        Assert.Equal("""{"count":1,"excludeSeen":"window","fallback":"none","diversity":0}""", server.Requests[0].Body!);
        Assert.Equal("""{"count":1,"excludeSeen":"window","fallback":"none","diversity":0,"after":"a1"}""", server.Requests[1].Body!);
        Assert.Contains("\"recommendationId\":\"r1\"", server.Requests[2].Body!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AttributesAreFlatJsonBothWays()
    {
        var server = new StubServer(
            () => StubServer.Ok("""{"userId":"u1","attributes":{"age":34,"gender":"female"},"unused":["shoeSize"],"updatedAt":"2026-11-22T10:00:00Z"}"""),
            () => StubServer.Ok("""{"accepted":1,"rejected":1,"problems":[{"index":1,"code":"too_many","field":"attributes","detail":"no"}]}"""));
        var client = ClientOf(server);
        var put = await client.PutAttributesAsync("u1", new Dictionary<string, AttributeValue> { ["age"] = 34, ["share"] = 0.5, ["gender"] = "female", ["member"] = false }, Token);
        Assert.Equal(("PUT /v1/users/u1/attributes", """{"age":34,"share":0.5,"gender":"female","member":false}"""), server.Requests[0]);
        Assert.Equal(["shoeSize"], put.Unused!);
        Assert.Equal(34, put.Attributes["age"].Number);

        var batch = await client.PutAttributesBatchAsync([new("u1", put.Attributes), new("u2", new Dictionary<string, AttributeValue>())], Token);
        Assert.Equal(("POST /v1/attributes", """[{"userId":"u1","attributes":{"age":34,"gender":"female"}},{"userId":"u2","attributes":{}}]"""), server.Requests[1]);
        Assert.Equal((1, "attributes"), (batch.Rejected, Assert.Single(batch.Problems).Field));
    }

    [Fact]
    public async Task ItemsAreWrittenWithoutWhatIsNotKnown()
    {
        var server = new StubServer(
            () => StubServer.Ok("""{"itemId":"a/b","categories":["running"],"price":59.9}"""),
            () => StubServer.Ok("""{"accepted":2,"rejected":0,"problems":[]}"""));
        var client = ClientOf(server);
        var item = new CatalogueItem { ItemId = "a/b", Categories = ["running"], Price = 59.9 };
        Assert.Equal(59.9, (await client.PutItemAsync(item, Token)).Price);
        Assert.Equal(2, (await client.PutItemsAsync([item, new CatalogueItem { ItemId = "c", Title = "Schuh größe", Content = [0.5f] }], Token)).Accepted);
        await client.PutItemsAsync(new[] { item }.ToAsyncEnumerable(), Token);
        Assert.Equal(
            [
                ("PUT /v1/items/a%2Fb", """{"categories":["running"],"price":59.9}"""),
                ("POST /v1/items", """[{"itemId":"a/b","categories":["running"],"price":59.9},{"itemId":"c","title":"Schuh größe","content":[0.5]}]"""),
                ("POST /v1/items", "{\"itemId\":\"a/b\",\"categories\":[\"running\"],\"price\":59.9}\n"),
            ],
            server.Requests);
    }

    [Theory]
    [InlineData("""{"title":"Bad Request","status":400,"detail":"price must be finite.","code":"not_finite","field":"price"}""", "price", "not_finite", "price must be finite.")]
    [InlineData("""{"title":"One or more validation errors occurred.","status":400,"errors":{"count":["count must be 1 to 1,000."]}}""", "count", null, "count must be 1 to 1,000.")]
    [InlineData("""{"title":"Bad Request","status":400}""", null, null, "Bad Request")]
    [InlineData("<html>", null, null, null)]
    public async Task ProblemIsAnExceptionWithWhatItSays(string body, string? field, string? code, string? says)
    {
        var server = new StubServer(() => new HttpResponseMessage(System.Net.HttpStatusCode.BadRequest) { Content = new StringContent(body, null, "application/problem+json") });
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => ClientOf(server).PutItemAsync(new CatalogueItem { ItemId = "i1" }, Token));
        Assert.Equal((field, code), (e.Field, e.Code));
        Assert.Contains(says ?? "is not a ProfileService", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("<html>")]
    public async Task AnswerOfSomethingElseIsNotTakenForTheService(string body)
    {
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => ClientOf(new StubServer(() => StubServer.Ok(body))).GetStatusAsync(Token));
        Assert.Contains("http://test/v1/status", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VectorOfAnotherLengthThanItSaysIsNotTaken()
    {
        var server = new StubServer(() => new HttpResponseMessage
        {
            Headers = { { "X-Profile-Model", "m/1" }, { "X-Profile-Dimension", "3" } },
            Content = new ByteArrayContent(new byte[8]) { Headers = { ContentType = new("application/octet-stream") } },
        });
        var e = await Assert.ThrowsAsync<ProfileServiceException>(() => ClientOf(server).LookupVectorsAsync(["u1"], Token));
        Assert.Contains("8 bytes, not 12", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<ProfileServiceException>(() => ClientOf(new StubServer(() => StubServer.Ok("{}"))).GetVectorAsync("u1", cancellationToken: Token));
        Assert.Contains("application/json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersReadAsBytesTakeNoMemoryButTheirOwn()
    {
        var expected = Enumerable.Range(0, 1 << 20).Select(i => i / 3f).ToArray();
        var bytes = MemoryMarshal.AsBytes(expected.AsSpan()).ToArray();
        var target = new float[expected.Length];
        var allocated = Enumerable.Range(0, 5).Select(_ => AllocatedByReading()).ToList(); // code and buffer are made on the way
        Assert.Equal(expected, target);
        Assert.InRange(allocated.Min(), 0, 1 << 12);

        long AllocatedByReading()
        {
            using var content = new ByteArrayContent(bytes);
            Array.Clear(target);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var reading = Floats.ReadAsync(content, target, Token);
            var after = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(reading.IsCompletedSuccessfully);
            return after - before;
        }
    }

    [Fact]
    public async Task PartsThatThereAreNotAreRefusedHere() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ClientOf(new StubServer(() => StubServer.Ok("{}"))).GetProfileAsync("u1", ProfileParts.None, cancellationToken: Token));

    [Fact]
    public void AttributeIsATextANumberOrAFlag()
    {
        Assert.Equal("34", ((AttributeValue)34).ToString());
        Assert.Equal("true", ((AttributeValue)true).ToString());
        Assert.Equal((AttributeValue)"a", AttributeValue.FromText("a"));
        Assert.Throws<ArgumentOutOfRangeException>(() => (AttributeValue)double.NaN);
    }

    private static ProfileServiceClient ClientOf(StubServer server) => new(new HttpClient(server) { BaseAddress = new Uri("http://test") });
}
