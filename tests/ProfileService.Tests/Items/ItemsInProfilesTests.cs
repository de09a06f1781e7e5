using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Items;

/// <summary>What items do to vectors, through HTTP.</summary>
[Needs(Need.Server)]
public sealed class ItemsInProfilesTests(TestServers servers)
{
    private const string Category = "yoga"; // as the packages' vocabulary has it
    private const string Item = "baby-008";

    [Fact]
    public async Task EventWithoutCategoryTakesTheItems()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1, "without", Item), Event(1, "with", Item, category: Category), Event(1, "other", Item, category: "baby"));
        var (before, with, other) = (await VectorAsync(service, "without"), await VectorAsync(service, "with"), await VectorAsync(service, "other"));
        Assert.NotEqual(with, before);

        await service.PutAsync($"/v1/items/{Item}", $$"""{"categories":["{{Category}}","sports"]}""");
        await service.AcceptAsync(Event(1, "later", Item));
        AssertSame(with, await VectorAsync(service, "later"));
        await service.AcceptAsync(Event(1, "said", Item, category: "baby"));
        AssertSame(other, await VectorAsync(service, "said")); // what the event says goes before what the item does
        Assert.False((await service.GetAsync("/v1/users/later/window")).Json.GetProperty("events")[0].TryGetProperty("categories", out _));
    }

    [Fact]
    public async Task RestartKeepsItems()
    {
        using var service = new TestService();
        await service.PutAsync($"/v1/items/{Item}", $$"""{"categories":["{{Category}}"],"price":3}""");
        using var restarted = service.Restart();
        Assert.Equal(3, (await restarted.GetAsync($"/v1/items/{Item}")).Json.GetProperty("price").GetDouble());
        await restarted.AcceptAsync(Event(1, "without", Item), Event(1, "with", Item, category: Category));
        AssertSame(await VectorAsync(restarted, "with"), await VectorAsync(restarted, "without"));
    }

    [Fact]
    public async Task ItemPutIntoOneReplicaIsInTheVectorsOfAnother()
    {
        var redis = await servers.RedisAsync();
        (string, string)[] shared =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
            ("Items:PollInterval", "00:00:01"),
        ];
        using var api = new TestService([.. shared, ("Hosting:Role", "Api")]); // which refreshes nobody
        using var other = new TestService(shared);
        await api.PutAsync($"/v1/items/{Item}", $$"""{"categories":["{{Category}}"]}""");
        await other.AcceptAsync(Event(1, "with", Item, category: Category));
        var with = await VectorAsync(other, "with");
        var user = 0;
        await Eventually.IsTrueAsync(async () =>
        {
            await other.AcceptAsync(Event(1, $"u{++user}", Item));
            return (await VectorAsync(other, $"u{user}")).Zip(with).All(x => Math.Abs(x.First - x.Second) < 1e-5);
        });
    }

    [Fact]
    public async Task ItemsContentChangesTheVector()
    {
        using var service = new TestService(("Model:Package", Repository.ContentPackage), ("Items:ContentDimension", "6"));
        Assert.Equal(6, (await service.GetAsync("/v1/models")).Json.GetProperty("active").GetProperty("contentDimension").GetInt32());
        await service.AcceptAsync(Event(1, "u1", Item), Event(2, "u1", "nobody-knows-this"));
        var none = await VectorAsync(service, "u1");
        await PutAsync("nobody-knows-this", "[1,0,0,0,0,0]");
        await service.AcceptAsync(Event(1, "u2", Item), Event(2, "u2", "nobody-knows-this"));
        var some = await VectorAsync(service, "u2");
        await PutAsync("nobody-knows-this", "[-1,0,0,0,0,0]");
        await service.AcceptAsync(Event(1, "u3", Item), Event(2, "u3", "nobody-knows-this"));
        var others = await VectorAsync(service, "u3");
        Assert.True(Distance(none, some) > 1e-3 && Distance(some, others) > 1e-3, $"{Distance(none, some)}, {Distance(some, others)}");

        async Task PutAsync(string item, string content) => Assert.Equal(200, (await service.PutAsync($"/v1/items/{item}", $$"""{"content":{{content}}}""")).Status);
    }

    [Fact]
    public async Task ExplanationKnowsOfItemsWhatTheProfileDoes()
    {
        using var service = new TestService(("Model:Package", Repository.ContentPackage), ("Items:ContentDimension", "6"));
        foreach (var item in (string[])["baby-001", "baby-002", "baby-003"])
            await service.PutAsync($"/v1/items/{item}", $$"""{"categories":["{{Category}}"],"content":[0.9,0,0,-0.4,0,{{item[^1]}}]}""");
        await service.AcceptAsync(Event(1, "u1", "baby-001", id: "a"), Event(2, "u1", "baby-002", id: "b"), Event(3, "u1", "baby-003", id: "c"));
        await service.AcceptAsync(Event(1, "u2", "baby-001", id: "a"), Event(3, "u2", "baby-003", id: "c"));
        var (whole, without) = (await VectorAsync(service, "u1"), await VectorAsync(service, "u2"));
        var explained = (await service.GetAsync("/v1/users/u1/explanation")).Json.GetProperty("withoutEvent").EnumerateArray();
        Assert.Equal(1 - whole.Zip(without, (x, y) => x * y).Sum(), explained.Single(l => l.GetProperty("eventId").GetString() == "b").GetProperty("change").GetDouble(), 1e-4);
    }

    [Fact]
    public async Task ModelThatTakesContentServesWithoutAny()
    {
        using var service = new TestService(("Model:Package", Repository.ContentPackage));
        await service.AcceptAsync(Event(1, "u1", Item));
        Assert.Equal(1, Math.Sqrt((await VectorAsync(service, "u1")).Sum(x => x * x)), 1e-4);
    }

    private static async Task<double[]> VectorAsync(TestService service, string user) => (await service.FreshAsync(user)).Floats64("vector");

    private static void AssertSame(double[] expected, double[] actual) => Assert.True(Distance(expected, actual) < 1e-5, $"{Distance(expected, actual)}");

    private static double Distance(double[] x, double[] y) => Math.Sqrt(x.Zip(y).Sum(pair => (pair.First - pair.Second) * (pair.First - pair.Second)));
}
