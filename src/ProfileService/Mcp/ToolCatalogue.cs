using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ProfileService.Platform;

namespace ProfileService.Mcp;

/// <summary>
/// All tools and the routes that answer them. Arguments, answers and scopes come from the API's description and its routes, so that a tool
/// cannot say something else than the route does.
/// </summary>
internal sealed class ToolCatalogue(OwnApi api, EndpointDataSource endpoints)
{
    private static readonly OwnRequest Description = new(HttpMethods.Get, "/swagger/v1/swagger.json");

    private volatile IReadOnlyDictionary<string, ToolRoute>? _tools;

    /// <summary>The tools by name. They are read once, by the first request.</summary>
    public async ValueTask<IReadOnlyDictionary<string, ToolRoute>> ReadAsync(HttpContext caller)
    {
        if (_tools is { } tools)
            return tools;
        var answer = await api.SendAsync(caller, Description);
        if (answer.IsProblem)
            throw new McpException((string?)answer.Json["detail"] ?? "The tools cannot be read now. Try again.");
        return _tools = Read(answer.Json);
    }

    private Dictionary<string, ToolRoute> Read(JsonObject document)
    {
        var (schema, operations) = (new ToolSchema(document), OperationsOf(document).ToList());
        return ToolDefinitions.All.ToDictionary(tool => tool.Name, tool =>
        {
            var (method, pattern, operation) = operations.Single(o => (string?)o.Operation["operationId"] == tool.Operation);
            return new ToolRoute(tool, ToolOf(tool, schema, operation, ScopesOf(method, pattern)), method, pattern);
        });
    }

    private static IEnumerable<(string Method, string Pattern, JsonObject Operation)> OperationsOf(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    private static Tool ToolOf(ToolDefinition tool, ToolSchema schema, JsonObject operation, IEnumerable<string> scopes) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = $"{tool.Description.ReplaceLineEndings(" ")} The caller's key needs {string.Join(" and ", scopes)}.",
        InputSchema = JsonElements.Of(schema.Input(operation, tool)),
        OutputSchema = JsonElements.Of(schema.Output(operation, tool)),
        Annotations = new() { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false },
    };

    private IEnumerable<string> ScopesOf(string method, string pattern) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText == pattern
            && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(method) == true
        from scope in endpoint.Metadata.GetOrderedMetadata<ScopeRequirement>()
        where scope.Part is null
        select scope.Scope;
}
