using System.Net.Mime;
using System.Text.Json.Nodes;

namespace ProfileService.Mcp;

/// <summary>Schemas of a tool's arguments and of its answer, from the API's own description of the operation.</summary>
/// <param name="document">The OpenAPI document.</param>
internal sealed class ToolSchema(JsonObject document)
{
    private const string Reference = "$ref";

    // Not every client knows the formats of OpenAPI, or patterns that look ahead.
    private static readonly string[] Unsure = ["format", "pattern", "example"];

    /// <summary>The arguments; those that the operation does not know are refused.</summary>
    public JsonObject Input(JsonObject operation, ToolDefinition tool)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        var known = ParametersOf(operation).Concat(FieldsOf(operation));
        foreach (var (name, schema, isRequired) in known.Where(p => tool.Arguments.Contains(p.Name)))
        {
            properties[name] = Narrow(name, schema);
            if (isRequired)
                required.Add(name);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = required,
            ["additionalProperties"] = false,
        };
    }

    /// <summary>The answer of a request that succeeds.</summary>
    public JsonObject Output(JsonObject operation, ToolDefinition tool)
    {
        var schema = Plain(JsonSchemaOf(operation["responses"]!["200"]!)!);
        foreach (var path in tool.Without)
            AnswerFields.RemoveFromSchema(schema, path);
        if (tool.KeepsTellingEvents)
            schema["properties"]!["events"]!["description"] = "The events that withoutEvent names, the newest last.";
        return schema;
    }

    private IEnumerable<(string Name, JsonObject Schema, bool IsRequired)> ParametersOf(JsonObject operation)
    {
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
        {
            var schema = Plain(parameter!["schema"]!);
            schema["description"] = parameter["description"]?.DeepClone();
            yield return ((string)parameter["name"]!, schema, (bool?)parameter["required"] == true);
        }
    }

    private IEnumerable<(string Name, JsonObject Schema, bool IsRequired)> FieldsOf(JsonObject operation)
    {
        if (operation["requestBody"] is not { } body || JsonSchemaOf(body) is not { } schema)
            yield break;
        var plain = Plain(schema);
        foreach (var (name, field) in plain["properties"]!.AsObject())
            yield return (name, field!.DeepClone().AsObject(), plain["required"]?.AsArray().Any(n => (string?)n == name) == true);
    }

    private static JsonNode? JsonSchemaOf(JsonNode content) => content["content"]?[MediaTypeNames.Application.Json]?["schema"];

    private static JsonObject Narrow(string name, JsonObject schema)
    {
        if (ToolArguments.Descriptions.TryGetValue(name, out var description))
            schema["description"] = description;
        if (ToolArguments.Bounds.TryGetValue(name, out var bound))
            schema[(string?)schema["type"] == "array" ? "maxItems" : "maximum"] = bound;
        if (name == ToolArguments.Count)
            schema["default"] = ToolArguments.DefaultCount;
        return schema;
    }

    /// <summary>A copy with the schemas that it refers to in their places: few clients follow references.</summary>
    private JsonObject Plain(JsonNode schema)
    {
        if ((string?)schema[Reference] is { } reference)
            return Plain(document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!);
        var plain = new JsonObject();
        foreach (var (name, value) in schema.AsObject().Where(member => !Unsure.Contains(member.Key)))
        {
            plain[name] = name == "properties" ? PropertiesOf(value!.AsObject())
                : value is JsonObject inner ? Plain(inner)
                : value?.DeepClone();
        }

        return plain;
    }

    private JsonObject PropertiesOf(JsonObject properties) =>
        new(properties.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Plain(p.Value!))));
}
