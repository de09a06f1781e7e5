using ModelContextProtocol;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Mcp;

/// <summary>What a tool refuses: with the words of its route, and what only a tool can refuse.</summary>
public sealed class RefusalTests(AgentService agents) : IClassFixture<AgentService>
{
    private static readonly string[] OfAUser = ["get_profile", "explain_profile", "recommend_items", "predict_next", "similar_users"];

    [Fact]
    public async Task UnknownUserIsRefusedInTheWordsOfTheRoute()
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var problem = (await agents.Service.GetAsync("/v1/users/nobody/profile")).Problem(404);
        foreach (var tool in OfAUser)
        {
            Assert.Equal(
                ("unknown_user", problem.GetProperty("detail").GetString()!),
                await agent.RefusedAsync(tool, ("userId", "nobody")));
        }

        Assert.Equal("unknown_item", (await agent.RefusedAsync("get_item", ("itemId", "nothing"))).Code);
    }

    [Fact]
    public async Task ErasedUserIsUnknown()
    {
        await agents.FillAsync("leaver");
        await using var agent = await Agent.ConnectAsync(agents.Service);
        await agent.AskAsync("get_profile", ("userId", "leaver"));
        await agents.Service.SendAsync(HttpMethod.Delete, "/v1/users/leaver", []);
        foreach (var tool in OfAUser)
            await Eventually.IsTrueAsync(async () => (await agent.CallAsync(tool, ("userId", "leaver"))).IsError == true);
        Assert.Equal("unknown_user", (await agent.RefusedAsync("get_profile", ("userId", "leaver"))).Code);
    }

    [Theory]
    [InlineData("""{"profile":true,"explain":false,"similar":false,"train":false}""", "explain_profile", "similar_users")]
    [InlineData(
        """{"profile":false,"explain":true,"similar":true,"train":true}""",
        "get_profile", "explain_profile", "recommend_items", "predict_next", "similar_users")]
    public async Task WhatPurposesDoNotAllowIsRefused(string purposes, params string[] refused)
    {
        var user = $"of-{refused.Length}";
        await agents.FillAsync(user);
        Assert.Equal(200, (await agents.Service.PutAsync($"/v1/users/{user}/purposes", purposes)).Status);
        await using var agent = await Agent.ConnectAsync(agents.Service);
        foreach (var tool in refused)
        {
            var (code, text) = await agent.RefusedAsync(tool, ("userId", user));
            Assert.Equal("purpose_not_allowed", code);
            Assert.Contains("purposes do not allow", text, StringComparison.Ordinal);
        }

        if (!refused.Contains("get_profile"))
            await agent.AskAsync("get_profile", ("userId", user));
    }

    [Fact]
    public async Task StaleProfileSaysSoAndAFreshOneDoesNot()
    {
        using var service = TestService.WithoutWorker(("Mcp:Enabled", "true"));
        await service.AcceptAsync(Event(1, "ada", "i1", category: "yoga"));
        await using var agent = await Agent.ConnectAsync(service);
        await agent.AskAsync("get_profile", ("userId", "ada"), ("fresh", true));
        await service.AcceptAsync(Event(2, "ada", "i2", category: "coffee"));
        Assert.True((bool)(await agent.AskAsync("get_profile", ("userId", "ada")))["freshness"]!["stale"]!);
        Assert.False((bool)(await agent.AskAsync("get_profile", ("userId", "ada"), ("fresh", true)))["freshness"]!["stale"]!);
    }

    [Theory]
    [InlineData(
        "get_profile", "include", "vector", "unknown_parameter", "include is not an argument of this tool, which has userId, fresh.")]
    [InlineData("get_profile", "fresh", "soon", "wrong_type", "fresh must be true or false, not a string.")]
    [InlineData("get_profile", "fresh", "true", "wrong_type", "fresh must be true or false, not a string.")]
    [InlineData("similar_users", "count", 51, "out_of_range", "count must be a whole number, 1 to 50.")]
    [InlineData("similar_users", "count", 0, "out_of_range", "count must be a whole number, 1 to 50.")]
    [InlineData("similar_users", "count", "51", "wrong_type", "count must be a number, not a string.")]
    [InlineData("similar_users", "count", new[] { 51 }, "wrong_type", "count must be a number, not an array.")]
    [InlineData("recommend_items", "count", "many", "wrong_type", null)]
    [InlineData("recommend_items", "fallback", "guess", null, null)]
    [InlineData("recommend_items", "colour", "red", "unknown_parameter", null)]
    public async Task WrongArgumentIsNamed(string tool, string argument, object value, string? code, string? text)
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var refused = await agent.RefusedAsync(tool, ("userId", "ada"), (argument, value));
        Assert.Equal(code ?? refused.Code, refused.Code);
        Assert.Equal(text ?? refused.Text, refused.Text);
        Assert.Contains(argument, refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "missing_field")]
    [InlineData("", "invalid_length")]
    [InlineData("..", "reserved_id")]
    [InlineData("a\nb", "control_character")]
    [InlineData(17, "wrong_type")]
    public async Task WrongIdIsNamed(object? id, string code)
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var refused = await agent.RefusedAsync("get_profile", ("userId", id));
        Assert.Equal(code, refused.Code);
        Assert.StartsWith("userId ", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("similar_items", "categories", "yoga", "categories must be an array, not a string.")]
    [InlineData("similar_items", "categories", new[] { 1 }, "categories[0] must be a string, not a number.")]
    [InlineData("similar_items", "count", "51", "count must be a number, not a string.")]
    [InlineData("popular_items", "category", new[] { "yoga" }, "category must be a string, not an array.")]
    public async Task ArgumentOfAnotherKindIsNamed(string tool, string argument, object value, string text)
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        (string, object?)[] item = tool == "similar_items" ? [("itemId", "yoga-011")] : [];
        Assert.Equal(("wrong_type", text), await agent.RefusedAsync(tool, [.. item, (argument, value)]));
    }

    [Fact]
    public async Task ListThatIsTooLongIsNamed()
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var items = Enumerable.Range(0, 101).Select(i => $"i{i}").ToArray();
        var refused = await agent.RefusedAsync("rank_items", ("userId", "ada"), ("itemIds", items));
        Assert.Equal("out_of_range", refused.Code);
    }

    [Fact]
    public async Task ToolThatThereIsNotIsAnErrorOfTheProtocolThatNamesThoseThereAre()
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        var error = await Assert.ThrowsAsync<McpProtocolException>(() => agent.CallAsync("erase_user", ("userId", "ada")));
        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
        Assert.Contains("The tools are get_profile, explain_profile, ", error.Message, StringComparison.Ordinal);
    }
}
