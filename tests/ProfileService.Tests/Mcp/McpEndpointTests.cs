using Microsoft.Extensions.DependencyInjection;
using ProfileService.Mcp;
using ProfileService.Platform;

namespace ProfileService.Tests.Mcp;

/// <summary>The endpoint itself, as requests without the client see it.</summary>
public sealed class McpEndpointTests(AgentService agents) : IClassFixture<AgentService>
{
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static readonly (string, string) Accept = ("Accept", "application/json, text/event-stream");

    [Fact]
    public async Task IsNotThereUnlessItIsSwitchedOn()
    {
        using var service = new TestService();
        Assert.Equal(404, (await service.PostAsync(McpSetup.Path, List, "application/json", Accept)).Status);
    }

    [Fact]
    public async Task RequestNeedsNoSessionAndGetsNone()
    {
        var reply = await agents.Service.PostAsync(McpSetup.Path, List, "application/json", Accept);
        Assert.Equal(200, reply.Status);
        Assert.DoesNotContain(reply.Headers.Keys, name => name.Contains("session", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(405, (await agents.Service.GetAsync(McpSetup.Path, Accept)).Status);
        Assert.Equal(405, (await agents.Service.SendAsync(HttpMethod.Delete, McpSetup.Path, [Accept])).Status);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Origin", "https://elsewhere.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Host", "rebound.example", 400)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    public async Task PagesOfOtherSitesAreRefused(string header, string value, int status) =>
        Assert.Equal(status, (await agents.Service.PostAsync(McpSetup.Path, List, "application/json", Accept, (header, value))).Status);

    [Fact]
    public async Task BodyIsBounded()
    {
        var reply = await agents.Service.PostAsync(McpSetup.Path, List + new string(' ', 1 << 16), "application/json", Accept);
        Assert.Equal("too_large", reply.Problem(413).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("initialize", "{}", "params.protocolVersion")]
    [InlineData("initialize", "[]", "params")]
    [InlineData("initialize", """{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":1,"version":"1"}}""", "params.clientInfo.name")]
    [InlineData("tools/call", "{}", "params.name")]
    [InlineData("tools/call", """{"name":1}""", "params.name")]
    [InlineData("tools/call", """{"name":"get_profile","arguments":["ada"]}""", "params.arguments")]
    [InlineData("tools/call", """{"name":"get_profile","arguments":{"userId":"\ud800"}}""", "params")]
    [InlineData("tools/call", """{"name":"get_profile","arguments":{"userId":"a","userId":"b"}}""", "userId")]
    [InlineData("tools/list", """{"cursor":5}""", "params.cursor")]
    public async Task WrongRequestIsAnErrorThatNamesTheField(string method, string parameters, string field)
    {
        var call = $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":{{parameters}}}""";
        var reply = await agents.Service.PostAsync(McpSetup.Path, call, "application/json", Accept);
        Assert.Equal((200, 7), (reply.Status, reply.Json.GetProperty("id").GetInt32()));
        var error = reply.Json.GetProperty("error");
        Assert.Equal((-32602, field), (error.GetProperty("code").GetInt32(), error.GetProperty("data").GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":1e3,"method":5}""", "id")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":5}""", "method")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":null}""", "method")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", "jsonrpc")]
    [InlineData("""{"jsonrpc":2,"id":1,"method":"ping"}""", "jsonrpc")]
    [InlineData("""{"id":1,"method":"ping"}""", "jsonrpc")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", null)]
    [InlineData("""{"jsonrpc":"2.0","result":{}}""", null)]
    [InlineData("{}", "jsonrpc")]
    [InlineData("[]", null)]
    [InlineData("5", null)]
    [InlineData("\"ping\"", null)]
    [InlineData("null", null)]
    [InlineData("{", null)]
    public async Task WhatIsNoRequestIsRefusedInPlainWords(string body, string? field)
    {
        var reply = await agents.Service.PostAsync(McpSetup.Path, body, "application/json", Accept);
        var error = reply.Json.GetProperty("error");
        Assert.DoesNotMatch("ModelContextProtocol|System\\.|JsonRpc|BytePosition|\\$", error.GetProperty("message").GetString()!);
        Assert.Equal(field, error.TryGetProperty("data", out var data) ? data.GetProperty("field").GetString() : null);
        if (field is not null)
            Assert.Equal((400, -32600), (reply.Status, error.GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task EncodedBodyIsRefused()
    {
        var reply = await agents.Service.PostAsync(McpSetup.Path, List, "application/json", Accept, ("Content-Encoding", "gzip"));
        Assert.Equal("unsupported_encoding", reply.Problem(415).GetProperty("code").GetString());
    }

    [Fact]
    public async Task ItemWhoseAddressIsThatOfAListIsRefused()
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        foreach (var id in new[] { "popular", "Popular", "TRENDING" })
            Assert.Equal("reserved_id", (await agent.RefusedAsync("get_item", ("itemId", id))).Code);
    }

    [Fact]
    public async Task IsNotInTheDescriptionOfTheApi()
    {
        var description = (await agents.Service.GetAsync("/swagger/v1/swagger.json")).Json.GetRawText();
        Assert.DoesNotContain(McpSetup.Path, description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatACallHoldsOfTheLimitsIsReleased()
    {
        await using var agent = await Agent.ConnectAsync(agents.Service);
        for (var i = 0; i < 20; i++)
        {
            await agent.AskAsync("similar_users", ("userId", "ada"));
            await agent.AskAsync("recommend_items", ("userId", "ada"));
            await agent.RefusedAsync("explain_profile", ("userId", "nobody"));
        }

        var limits = agents.Service.Services.GetRequiredService<ReadLimits>();
        await Eventually.IsTrueAsync(() => Task.FromResult(limits.AnswerBytes == 0));
    }
}
