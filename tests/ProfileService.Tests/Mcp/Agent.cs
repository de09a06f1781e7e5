using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ProfileService.Mcp;

namespace ProfileService.Tests.Mcp;

/// <summary>What an agent's program does, by the protocol's official client.</summary>
internal static class Agent
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<McpClient> ConnectAsync(TestService service, string? key = null)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(service.Client.BaseAddress!, McpSetup.Path),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" },
        });
        return McpClient.CreateAsync(transport, cancellationToken: Token);
    }

    public static async Task<CallToolResult> CallAsync(
        this McpClient agent, string tool, params (string Name, object? Value)[] arguments) =>
        await agent.CallToolAsync(tool, arguments.ToDictionary(a => a.Name, a => a.Value), cancellationToken: Token);

    /// <summary>The structured answer of a call that succeeds.</summary>
    public static async Task<JsonObject> AskAsync(this McpClient agent, string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await agent.CallAsync(tool, arguments);
        Assert.False(result.IsError ?? false, TextOf(result));
        var answer = Content(result);
        Assert.True(JsonNode.DeepEquals(answer, JsonNode.Parse(TextOf(result))), "the text is another answer");
        return answer;
    }

    /// <summary>Code and text of a call that is refused.</summary>
    public static async Task<(string Code, string Text)> RefusedAsync(
        this McpClient agent, string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await agent.CallAsync(tool, arguments);
        Assert.True(result.IsError, TextOf(result));
        Assert.Null(result.StructuredContent); // some clients would hold it to the schema of the tool's answers
        Assert.Equal(TextOf(result), (string?)ProblemOf(result)!["detail"]);
        return ((string)ProblemOf(result)!["code"]!, TextOf(result));
    }

    /// <summary>The whole problem of a call that is refused.</summary>
    public static JsonNode? ProblemOf(CallToolResult result) => result.Meta?[ToolServer.Problem];

    private static JsonObject Content(CallToolResult result) => JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!.AsObject();

    private static string TextOf(CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
}
