using System.Text.Json;

namespace ProfileService.TestServers.Fuzz;

/// <summary>A route of the service as its own OpenAPI document describes it.</summary>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Bodies">Content types and what each holds; none where the route takes no body.</param>
internal sealed record Operation(string Method, string Path, IReadOnlyList<Parameter> Queries, IReadOnlyList<Body> Bodies)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head"];

    /// <summary>Every operation of a document, so that a new route is fuzzed as soon as it is described.</summary>
    public static IReadOnlyList<Operation> In(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where Methods.Contains(operation.Name)
           select new Operation(operation.Name.ToUpperInvariant(), path.Name, Parameters(operation.Value), BodiesOf(operation.Value)),
    ];

    private static IReadOnlyList<Parameter> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? [.. from p in parameters.EnumerateArray()
                  where p.GetProperty("in").GetString() == "query"
                  select new Parameter(p.GetProperty("name").GetString()!, p.GetProperty("schema"))]
            : [];

    private static IReadOnlyList<Body> BodiesOf(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body)
            ? [.. from content in body.GetProperty("content").EnumerateObject() select Body.Of(content)]
            : [];
}

internal sealed record Parameter(string Name, JsonElement Schema);

/// <summary>A body that a route takes.</summary>
/// <param name="Example">The document's, undefined where it has none.</param>
internal sealed record Body(string ContentType, JsonElement Schema, JsonElement Example)
{
    public bool IsStream => ContentType.Contains("ndjson", StringComparison.Ordinal);

    public static Body Of(JsonProperty content) => new(
        content.Name,
        content.Value.TryGetProperty("schema", out var schema) ? schema : default,
        content.Value.TryGetProperty("example", out var example) ? example : default);
}
