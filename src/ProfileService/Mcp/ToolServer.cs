using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ProfileService.Platform;

namespace ProfileService.Mcp;

/// <summary>Lists and calls the tools. What a route refuses is an error of the tool, with the route's own words.</summary>
internal sealed partial class ToolServer(OwnApi api, ToolCatalogue catalogue, ILogger<ToolServer> logger)
{
    /// <summary>Member of an error's <c>_meta</c> that has the whole problem.</summary>
    public const string Problem = "problem";

    public async ValueTask<ListToolsResult> ListAsync(HttpContext caller) =>
        new() { Tools = [.. (await catalogue.ReadAsync(caller)).Values.Select(route => route.Tool)] };

    /// <exception cref="McpProtocolException">There is no such tool.</exception>
    public async ValueTask<CallToolResult> CallAsync(HttpContext caller, CallToolRequestParams call)
    {
        if (!(await catalogue.ReadAsync(caller)).TryGetValue(call.Name, out var route))
        {
            var known = string.Join(", ", ToolDefinitions.All.Select(tool => tool.Name));
            throw new McpProtocolException(
                $"There is no tool {ShortText.Of(call.Name)}. The tools are {known}.", McpErrorCode.InvalidParams);
        }

        var arguments = ArgumentsOf(call, route.Definition);
        if (ArgumentRules.ProblemOf(route, arguments) is { } wrong)
            return Failed(wrong);
        try
        {
            var answer = await api.SendAsync(caller, route.RequestOf(arguments));
            return answer.IsProblem ? Failed(answer.Json, answer.RetryAfter) : Done(route.Definition, answer.Json);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, call.Name);
            throw;
        }
    }

    /// <summary>The arguments that have a value, and the count that the tools default to.</summary>
    private static Dictionary<string, JsonElement> ArgumentsOf(CallToolRequestParams call, ToolDefinition tool)
    {
        var arguments = (call.Arguments ?? new Dictionary<string, JsonElement>())
            .Where(a => a.Value.ValueKind != JsonValueKind.Null).ToDictionary(a => a.Key, a => a.Value);
        if (tool.Arguments.Contains(ToolArguments.Count))
            arguments.TryAdd(ToolArguments.Count, JsonSerializer.SerializeToElement(ToolArguments.DefaultCount));
        return arguments;
    }

    private static CallToolResult Done(ToolDefinition tool, JsonObject answer)
    {
        foreach (var path in tool.Without)
            AnswerFields.Remove(answer, path);
        if (tool.KeepsTellingEvents)
            AnswerFields.KeepTellingEvents(answer);
        return new() { StructuredContent = JsonElements.Of(answer), Content = Text(answer.ToJsonString()) };
    }

    // Without structured content: some clients check that of an error, too, against the schema of the tool's answers.
    private static CallToolResult Failed(JsonObject problem, string? retryAfter = null)
    {
        if (int.TryParse(retryAfter, CultureInfo.InvariantCulture, out var seconds))
            problem["retryAfterSeconds"] = seconds;
        return new()
        {
            IsError = true,
            Content = Text((string?)problem["detail"] ?? ""),
            Meta = new JsonObject { [Problem] = problem },
        };
    }

    private static List<ContentBlock> Text(string text) => [new TextContentBlock { Text = text }];

    [LoggerMessage(Level = LogLevel.Error, Message = "The tool {Tool} failed")]
    private partial void LogFailed(Exception exception, string tool);
}
