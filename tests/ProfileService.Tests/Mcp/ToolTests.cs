using System.Text.Json;
using System.Text.Json.Nodes;
using ProfileService.Mcp;
using ProfileService.Tests.Host;

namespace ProfileService.Tests.Mcp;

/// <summary>What agents see of the tools, and what the tools answer.</summary>
public sealed class ToolTests(AgentService agents) : IClassFixture<AgentService>
{
    private static readonly string[] Items = ["coffee-001", "yoga-009", "no-such-item"];

    private static readonly Dictionary<string, object> Coffee = new() { ["excludeCategories"] = new[] { "coffee" } };

    /// <summary>Each tool's arguments, and the request that it stands for.</summary>
    private static readonly Dictionary<string, ((string, object?)[] Arguments, string Path, string? Body)> Calls = new()
    {
        ["get_profile"] = ([("userId", "ada"), ("fresh", true)], "/v1/users/ada/profile?fresh=true&include=dimensions", null),
        ["explain_profile"] = ([("userId", "ada")], "/v1/users/ada/explanation", null),
        ["recommend_items"] = (
            [("userId", "ada"), ("count", 3), ("filter", Coffee), ("diversity", 0.2), ("fallback", null)],
            "/v1/users/ada/recommendations", """{"count":3,"filter":{"excludeCategories":["coffee"]},"diversity":0.2}"""),
        ["rank_items"] = (
            [("userId", "ada"), ("itemIds", Items)], "/v1/users/ada/rank", """{"itemIds":["coffee-001","yoga-009","no-such-item"]}"""),
        ["predict_next"] = ([("userId", "ada")], "/v1/users/ada/predictions", null),
        ["similar_users"] = ([("userId", "ada")], "/v1/users/ada/similar?count=10", null),
        ["get_item"] = ([("itemId", "yoga-011")], "/v1/items/yoga-011", null),
        ["similar_items"] = (
            [("itemId", "yoga-011"), ("count", 4), ("categories", (string[])["yoga", "coffee"])],
            "/v1/items/yoga-011/similar?count=4&categories=yoga&categories=coffee", null),
        ["popular_items"] = ([("category", "yoga")], "/v1/items/popular?count=10&category=yoga", null),
        ["trending_items"] = ([], "/v1/items/trending?count=10", null),
    };

    public static TheoryData<string> Names => [.. ToolDefinitions.All.Select(tool => tool.Name)];

    [Fact]
    public async Task EveryToolIsListedWithWhatAnAgentMustKnow()
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        Assert.Contains("get_profile", agent.ServerInstructions, StringComparison.Ordinal);
        var tools = await agent.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(Names.Select(name => name.Data).Order(), tools.Select(tool => tool.Name).Order());
        Assert.All(tools, listed =>
        {
            var (tool, input) = (listed.ProtocolTool, listed.ProtocolTool.InputSchema);
            Assert.Matches("^[A-Z].{40,} The caller's key needs [a-z:]+( and [a-z:]+)*\\.$", tool.Description);
            Assert.DoesNotContain('\n', tool.Description!);
            Assert.True(tool.Annotations!.ReadOnlyHint);
            Assert.False(input.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(
                ToolDefinitions.All.Single(t => t.Name == tool.Name).Arguments.Order(),
                input.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
            Assert.All(
                input.GetProperty("properties").EnumerateObject(),
                p => Assert.NotEmpty(p.Value.GetProperty("description").GetString()!));
            Assert.Equal("object", tool.OutputSchema!.Value.GetProperty("type").GetString());
            Assert.All((string[])["\"$ref\"", "\"pattern\"", "\"heads\"", "\"content\"", "\"vector\""], word =>
                Assert.DoesNotContain(word, $"{input}{tool.OutputSchema}", StringComparison.Ordinal));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ToolAnswersWhatItsRouteAnswers(string name)
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var (arguments, path, body) = Calls[name];
        var answer = await agent.AskAsync(name, arguments);
        var reply = body is null ? await agents.Service.GetAsync(path) : await agents.Service.PostAsync(path, body);
        Assert.Equal(200, reply.Status);

        var tools = await agent.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        var schema = tools.Single(t => t.Name == name).ProtocolTool.OutputSchema!.Value;
        Assert.Empty(new JsonSchema(default).ProblemsOf(JsonSerializer.SerializeToElement(answer), schema));
        Assert.InRange(answer.ToJsonString().Length, 10, 8_000);

        var expected = JsonNode.Parse(reply.Json.GetRawText())!.AsObject();
        foreach (var left in ToolDefinitions.All.Single(t => t.Name == name).Without)
            expected.Remove(left);
        Assert.Equal(expected.Remove("recommendationId"), answer.Remove("recommendationId")); // each answer has its own
        (answer["freshness"] as JsonObject)?.Remove("ageSeconds");
        (expected["freshness"] as JsonObject)?.Remove("ageSeconds");
        if (name == "explain_profile")
            (answer["events"], expected["events"]) = (null, null); // see below
        Assert.True(JsonNode.DeepEquals(expected, answer), $"{expected}\n{answer}");
    }

    [Fact]
    public async Task ProfileHasNoEventsAndNoVector()
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var answer = await agent.AskAsync("get_profile", ("userId", "ada"));
        Assert.Equal("yoga", (string?)answer["dimensions"]!["interests"]![0]!["category"]);
        Assert.All(
            (string[])["yoga-011", "a secret", "vector"],
            text => Assert.DoesNotContain(text, answer.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task ExplanationHasTheEventsThatChangeMostAndNoOthers()
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var answer = await agent.AskAsync("explain_profile", ("userId", "ada"));
        Assert.Equal(
            answer["withoutEvent"]!.AsArray().Select(e => (string)e!["eventId"]!).Order(),
            answer["events"]!.AsArray().Select(e => (string)e!["eventId"]!).Order());
        Assert.Equal(5, answer["events"]!.AsArray().Count);
        Assert.All(answer["events"]!.AsArray(), e => Assert.False(e!.AsObject().ContainsKey("heads")));
        Assert.DoesNotContain("a secret", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AttributesHaveAnyName()
    {
        await agents.FillAsync("named");
        const string Attributes = """{"explanation":"a","heads":2,"vector":true}""";
        Assert.Equal(200, (await agents.Service.PutAsync("/v1/users/named/attributes", Attributes)).Status);
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var answer = await agent.AskAsync("get_profile", ("userId", "named"), ("fresh", true));
        Assert.Equal(Attributes, answer["dimensions"]!["attributes"]!.ToJsonString());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("é ?#&+")]
    [InlineData("日本")]
    public async Task IdMayHaveAnyCharacter(string user)
    {
        await agents.FillAsync(user);
        await using var agent = await Agent.ConnectAsync(agents.Service);
        Assert.Equal(user, (string?)(await agent.AskAsync("get_profile", ("userId", user)))["userId"]);
        Assert.Equal(user, (string?)(await agent.AskAsync("recommend_items", ("userId", user)))["userId"]);
    }

    [Fact]
    public async Task IdOfAMergedVisitorIsThePersons()
    {
        await agents.FillAsync("person");
        Assert.Equal(200, (await agents.Service.PostAsync("/v1/users/person/merge", """{"from":"visitor"}""")).Status);
        await using var agent = await Agent.ConnectAsync(agents.Service);
        Assert.Equal("person", (string?)(await agent.AskAsync("get_profile", ("userId", "visitor")))["userId"]);
    }
}
