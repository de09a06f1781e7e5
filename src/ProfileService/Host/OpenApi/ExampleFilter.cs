using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ProfileService.Beacon;
using ProfileService.Events.CloudEvents;
using ProfileService.Intake;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ProfileService.Host.OpenApi;

/// <summary>Adds an example to each request body, user id and item id, so that "Try it out" works without typing.</summary>
internal sealed class ExampleFilter : IOperationFilter
{
    private const string User = "try-me";

    private const string Item = "sku-9";

    private const string KnownItem = "yoga-011"; // by the packages that know items, which were trained on the demo shop

    private const string Items = "v1/items";

    private const string Changes = "v1/profiles/changes";

    private const string Cursor = "1.0.0.0.0"; // from the beginning

    private const string ItemPath = "v1/items/{itemId}/"; // similar items, and users

    public const string Receipt = "5b1f0c2a9d3e4f60718293a4b5c6d7e8";

    private const string Attributes = """
        { "age": 34, "gender": "female", "region": "north" }
        """;

    private const string Recommendation = """
        {
          "count": 5, "filter": { "excludeCategories": ["coffee"], "excludeLabels": ["sale"] }, "maxPerCategory": 2, "diversity": 0.2,
          "fallback": "popular"
        }
        """;

    private const string UserAttributes = $$"""{ "userId": "{{User}}", "attributes": {{Attributes}} }""";

    private const string Purposes = """
        "profile": true, "explain": true, "similar": true, "train": false
        """;

    private const string UserPurposes = $$"""{ "userId": "{{User}}", {{Purposes}} }""";

    private const string ItemFields = """
        "categories": ["running", "shoes"], "price": 59.9, "title": "Trail shoe", "labels": ["sale"], "available": true
        """;

    private const string Mat = $$"""
        { "itemId": "{{KnownItem}}", "categories": ["yoga", "sports"], "price": 35, "title": "Yoga mat" }
        """;

    private const string Event = $$"""
        {
          "userId": "{{User}}", "kind": "view", "itemId": "{{Item}}", "timestamp": "2026-11-22T10:00:00Z",
          "categories": ["shoes"], "value": 59.9
        }
        """;

    private const string Beacon = $$"""
        {
          "token": "AaBFj5p9dgYAEA4AAHRyeS1tZQ",
          "events": [{ "kind": "view", "itemId": "{{Item}}", "timestamp": "2026-11-22T10:00:00Z", "categories": ["shoes"] }]
        }
        """;

    private const string CloudEvent = $$"""
        {
          "specversion": "1.0", "id": "7f3a", "source": "/shop/web", "type": "com.example.shop.view", "subject": "{{User}}",
          "time": "2026-11-22T10:00:00Z", "data": { "itemId": "{{Item}}", "categories": ["shoes"], "value": 59.9 }
        }
        """;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            parameter.Example = parameter.Name switch
            {
                "userId" => User,
                "itemId" => context.ApiDescription.RelativePath!.StartsWith(ItemPath, StringComparison.Ordinal) ? KnownItem : Item,
                "category" when parameter.In == ParameterLocation.Path => "yoga",
                "receipt" => Receipt,
                "prefix" => User[..3],
                "after" when context.ApiDescription.RelativePath == Changes => Cursor,
                "after" when context.ApiDescription.RelativePath == Items => KnownItem,
                "after" => User,
                "query" => "shoe",
                "categories" => new JsonArray("shoes"),
                _ => parameter.Example,
            };
        }

        foreach (var (type, media) in operation.RequestBody?.Content ?? new Dictionary<string, IOpenApiMediaType>())
        {
            var body = (OpenApiMediaType)media;
            body.Example = (context.ApiDescription.RelativePath, type) switch
            {
                ("v1/events", BatchEndpoint.Ndjson) => JsonValue.Create(JsonNode.Parse(Event)!.ToJsonString()),
                ("v1/events", CloudEventTypes.One) => JsonNode.Parse(CloudEvent),
                ("v1/events", CloudEventTypes.Batch) => JsonNode.Parse($"[{CloudEvent}]"),
                ("v1/events", _) => JsonNode.Parse($"[{Event}]"),
                ("v1/beacon", BeaconApi.Text) => JsonValue.Create(JsonNode.Parse(Beacon)!.ToJsonString()),
                ("v1/beacon", _) => JsonNode.Parse(Beacon),
                ("v1/users/{userId}/tokens", _) => JsonNode.Parse("""{ "expiresInSeconds": 900 }"""),
                ("v1/users/{userId}/attributes", _) => JsonNode.Parse(Attributes),
                ("v1/attributes", BatchEndpoint.Ndjson) => JsonValue.Create(JsonNode.Parse(UserAttributes)!.ToJsonString()),
                ("v1/attributes", _) => JsonNode.Parse($"[{UserAttributes}]"),
                ("v1/users/{userId}/purposes", _) => JsonNode.Parse($$"""{ {{Purposes}} }"""),
                ("v1/users/{userId}/merge", _) => JsonNode.Parse("""{ "from": "visitor-17" }"""),
                ("v1/purposes", BatchEndpoint.Ndjson) => JsonValue.Create(JsonNode.Parse(UserPurposes)!.ToJsonString()),
                ("v1/purposes", _) => JsonNode.Parse($"[{UserPurposes}]"),
                ("v1/items/{itemId}", _) when context.ApiDescription.HttpMethod == HttpMethods.Patch =>
                    JsonNode.Parse("""{ "price": 49.9, "labels": null }"""),
                ("v1/items/{itemId}", _) => JsonNode.Parse($$"""{ {{ItemFields}} }"""),
                ("v1/items", BatchEndpoint.Ndjson) => JsonValue.Create(JsonNode.Parse(ItemOf(Item))!.ToJsonString()),
                ("v1/items", _) => JsonNode.Parse($"[{ItemOf(Item)}, {Mat}]"),
                ("v1/erasures", BatchEndpoint.Ndjson) => JsonValue.Create($$"""{"userId":"{{User}}"}"""),
                ("v1/erasures", _) => JsonNode.Parse($$"""{ "userIds": ["{{User}}"] }"""),
                ("v1/exports", _) => JsonNode.Parse($$"""{ "userId": "{{User}}" }"""),
                ("v1/users/{userId}/recommendations", _) => JsonNode.Parse(Recommendation),
                ("v1/users/{userId}/rank", _) => JsonNode.Parse($$"""{ "itemIds": ["{{KnownItem}}", "makeup-030", "{{Item}}"] }"""),
                ("v1/rank", _) => JsonNode.Parse($$"""{ "userIds": ["{{User}}", "nobody"], "itemIds": ["{{KnownItem}}", "makeup-030"] }"""),
                ("v1/profiles/compute", _) =>
                    JsonNode.Parse($$"""{ "events": [{{Event}}], "attributes": {{Attributes}}, "recommend": {{Recommendation}} }"""),
                ("v1/profiles/lookup", _) => JsonNode.Parse($$"""{ "userIds": ["{{User}}", "nobody"] }"""),
                _ => body.Example,
            };
        }
    }

    private static string ItemOf(string id) => $$"""{ "itemId": "{{id}}", {{ItemFields}} }""";
}
