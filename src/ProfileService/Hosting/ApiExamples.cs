using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ProfileService.Events;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Hosting;

/// <summary>Puts an example into each request body and each user id, so that "Try it out" works without typing.</summary>
internal sealed class ApiExamples : IOperationFilter
{
    private const string User = "try-me";

    private const string Event = $$"""
        { "userId": "{{User}}", "kind": "view", "itemId": "sku-9", "timestamp": "2026-11-22T10:00:00Z", "categories": ["shoes"], "value": 59.9 }
        """;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Example = parameter.Name switch
            {
                "userId" => User,
                "prefix" => User[..3],
                "categories" => new JsonArray("shoes"),
                _ => parameter.Example,
            };
        }

        foreach (var (type, media) in operation.RequestBody?.Content ?? new Dictionary<string, IOpenApiMediaType>())
        {
            var body = (OpenApiMediaType)media;
            body.Example = (context.ApiDescription.RelativePath, type) switch
            {
                ("v1/events", EventsApi.Ndjson) => JsonValue.Create(JsonNode.Parse(Event)!.ToJsonString()),
                ("v1/events", _) => JsonNode.Parse($"[{Event}]"),
                ("v1/profiles/lookup", _) => JsonNode.Parse($$"""{ "userIds": ["{{User}}", "nobody"] }"""),
                _ => body.Example,
            };
        }
    }
}
