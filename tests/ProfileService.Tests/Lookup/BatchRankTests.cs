using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>Items for many users.</summary>
public sealed class BatchRankTests(FilteredShop shop) : IClassFixture<FilteredShop>
{
    private static readonly string[] Items = ["no-1", "yoga-003", "coffee-002", "new-04", "yoga-011", "no-0", "makeup-030", "yoga-003"];

    [Fact]
    public async Task EachUserHasTheScoresAndTheOrderOfARankingOfItsOwn()
    {
        string[] users = [.. Enumerable.Range(1, DemoShop.Users - 1).Select(u => $"u{u:D4}")]; // the last one is another test's
        foreach (var user in users)
            await shop.Service.FreshAsync(user); // a batch waits for nobody
        var reply = (await PostAsync(users, Items)).Json;
        Assert.Equal("parts/1", reply.GetProperty("model").GetString());
        Assert.Equal(["no-1", "no-0"], Texts(reply, "unknownItems"));
        var ranked = reply.GetProperty("users").EnumerateArray().ToList();
        Assert.Equal(users, ranked.Select(u => u.GetProperty("userId").GetString()));
        foreach (var user in ranked)
        {
            var alone = (await shop.Service.PostAsync(
                $"/v1/users/{user.GetProperty("userId").GetString()}/rank", JsonSerializer.Serialize(new { itemIds = Items }))).Json;
            Assert.Equal(alone.GetProperty("revision").GetInt64(), user.GetProperty("revision").GetInt64());
            Assert.Equal(ScoresOf(alone), ScoresOf(user));
        }
    }

    [Fact]
    public async Task MatrixHasTheScoresInTheOrderAsked()
    {
        string[] users = ["u0002", "nobody", "u0001", "u0002"];
        var json = (await PostAsync(users, Items)).Json.GetProperty("users").EnumerateArray().ToList();
        var reply = await PostAsync(users, Items, ("Accept", "application/octet-stream"));
        Assert.Equal((200, "application/octet-stream"), (reply.Status, reply.ContentType));
        Assert.Equal(["parts/1", "8", "4"], new[] { "Model", "Dimension", "Count" }.Select(name => reply.Headers[$"X-Profile-{name}"]));
        var rows = reply.Floats.Chunk(Items.Length).ToList();
        Assert.All(rows[1], score => Assert.True(float.IsNaN(score)));
        Assert.Equal(rows[0], rows[3]);
        foreach (var (row, user) in ((float[], JsonElement)[])[(rows[0], json[0]), (rows[2], json[1])])
        {
            var scores = ScoresOf(user).ToDictionary(i => i.Id, i => i.Score);
            Assert.Equal(Items.Select(i => scores.GetValueOrDefault(i, float.NaN)), row);
        }
    }

    [Fact]
    public async Task ItemThatIsNotAvailableIsNamedAndHasNoScore()
    {
        await shop.Service.PutAsync("/v1/items/yoga-009", """{"categories":["yoga"],"available":false}""");
        string[] items = ["yoga-009", "yoga-011"];
        var reply = (await PostAsync(["u0001"], items)).Json;
        Assert.Equal(["yoga-009"], Texts(reply, "unavailableItems"));
        Assert.Equal("yoga-011", Assert.Single(ScoresOf(reply.GetProperty("users")[0])).Id);
        var row = (await PostAsync(["u0001"], items, ("Accept", "application/octet-stream"))).Floats;
        Assert.Equal((true, false), (float.IsNaN(row[0]), float.IsNaN(row[1])));
    }

    [Fact]
    public async Task UsersWithoutAProfileOrWhosePurposesAllowNoneAreMissing()
    {
        Assert.Equal(200, (await shop.Service.PutAsync(
            "/v1/users/u0060/purposes", """{"profile":false,"explain":true,"similar":true,"train":true}""")).Status);
        var reply = (await PostAsync(["nobody", "u0001", "u0060"], ["yoga-011"])).Json;
        Assert.Equal(["nobody", "u0060"], Texts(reply, "missing"));
        Assert.Equal("u0001", Assert.Single(reply.GetProperty("users").EnumerateArray()).GetProperty("userId").GetString());
        Assert.False(reply.TryGetProperty("unavailableUsers", out _));
    }

    [Fact]
    public async Task AliasIsAnsweredAsItsPerson()
    {
        Assert.Equal(200, (await shop.Service.PostAsync("/v1/users/u0003/merge", """{"from":"visitor"}""")).Status);
        await shop.Service.FreshAsync("u0003");
        var users = (await PostAsync(["visitor", "u0003"], ["yoga-011"])).Json.GetProperty("users");
        Assert.Equal(["u0003", "u0003"], users.EnumerateArray().Select(u => u.GetProperty("userId").GetString()));
        Assert.Equal(ScoresOf(users[1]), ScoresOf(users[0]));
    }

    [Fact]
    public async Task AliasOfAPersonWithoutAProfileIsMissingByTheIdThatWasAsked()
    {
        Assert.Equal(200, (await shop.Service.PostAsync("/v1/users/nobody-yet/merge", """{"from":"other-visitor"}""")).Status);
        Assert.Equal(["nobody", "other-visitor"], Texts((await PostAsync(["nobody", "u0001", "other-visitor"], ["yoga-011"])).Json, "missing"));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    public async Task NothingToRankIsAnEmptyAnswer(int users, int items)
    {
        var reply = await PostAsync(Ids("u000", users), Ids("yoga-00", items));
        Assert.Equal(200, reply.Status);
        Assert.Equal(users, reply.Json.GetProperty("users").GetArrayLength() + reply.Json.GetProperty("missing").GetArrayLength());
        Assert.Empty((await PostAsync(Ids("u000", users), Ids("yoga-00", items), ("Accept", "application/octet-stream"))).Body);
    }

    [Theory]
    [InlineData("{}", "missing_field", "userIds")]
    [InlineData("""{"userIds":[]}""", "missing_field", "itemIds")]
    [InlineData("""{"userIds":["u1"],"itemIds":"yoga-003"}""", "wrong_type", "itemIds")]
    [InlineData("""{"userIds":["u1",5],"itemIds":[]}""", "wrong_type", "userIds[1]")]
    [InlineData("""{"userIds":["u1"],"itemIds":["."]}""", "reserved_id", "itemIds[0]")]
    [InlineData("""{"userIds":[],"itemIds":[],"count":5}""", "unknown_parameter", "count")]
    public async Task BadFieldIs400ThatNamesIt(string body, string code, string field)
    {
        var problem = (await shop.Service.PostAsync("/v1/rank", body)).Problem(400);
        Assert.Equal((code, field), (problem.GetProperty("code").GetString(), problem.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData(1_001, 1, "too_many_users")]
    [InlineData(1, 1_001, "too_many_items")]
    [InlineData(1_000, 101, "too_many_pairs")]
    [InlineData(1_000, 100, null)]
    public async Task UsersAndItemsAndTheirProductAreBounded(int users, int items, string? code)
    {
        var reply = await PostAsync(Ids("somebody-", users), Ids("i", items));
        if (code is null)
            Assert.Equal(users, Texts(reply.Json, "missing").Count);
        else
            Assert.Equal(code, reply.Problem(400).GetProperty("code").GetString());
    }

    [Fact]
    public async Task TextsOfTheUsersAreScoredTogether()
    {
        using var service = TestService.WithoutWorker(("Model:Package", Repository.PartsPackage));
        string[] users = ["a", "b", "c"];
        await service.AcceptAsync([.. users.Select(user => Event(1, user))]);
        foreach (var user in users)
            await service.FreshAsync(user);
        await service.AcceptAsync([.. users.Select(user => Event(2, user, "yoga-003", "review", text: $"Terrible, says {user}."))]);
        using var batches = new MetricCollector<double>(
            service.Services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.sentiment.duration");
        var body = JsonSerializer.Serialize(new { userIds = users, itemIds = Items });
        Assert.Equal(users.Length, (await service.PostAsync("/v1/rank", body)).Json.GetProperty("users").GetArrayLength());
        Assert.Single(batches.GetMeasurementSnapshot());
    }

    [Fact]
    public async Task PackageWithoutItemVectorsIs409()
    {
        using var service = new TestService(("Model:Package", Repository.StarterPackage));
        var reply = await service.PostAsync("/v1/rank", """{"userIds":["u1"],"itemIds":["i1"]}""");
        Assert.Equal("no_item_vectors", reply.Problem(409).GetProperty("code").GetString());
    }

    private Task<Reply> PostAsync(IEnumerable<string> users, IEnumerable<string> items, params (string, string)[] headers) =>
        shop.Service.PostAsync("/v1/rank", JsonSerializer.Serialize(new { userIds = users, itemIds = items }), headers: headers);

    private static IEnumerable<string> Ids(string prefix, int count) => Enumerable.Range(1, count).Select(i => $"{prefix}{i}");

    private static List<string?> Texts(JsonElement reply, string field) =>
        [.. reply.GetProperty(field).EnumerateArray().Select(t => t.GetString())];

    private static IReadOnlyList<(string Id, float Score)> ScoresOf(JsonElement user) =>
    [
        .. user.GetProperty("items").EnumerateArray()
            .Select(i => (i.GetProperty("itemId").GetString()!, i.GetProperty("score").GetSingle())),
    ];
}
