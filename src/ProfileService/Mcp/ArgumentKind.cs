using System.Text.Json;
using ProfileService.Intake;

namespace ProfileService.Mcp;

/// <summary>
/// Whether an argument, with its elements, is of the kind that its schema says. Routes cannot tell: values of a query have no kinds.
/// </summary>
internal static class ArgumentKind
{
    /// <summary>What is wrong with the kind of an argument; null if nothing is.</summary>
    public static string? ProblemOf(string name, JsonElement value, JsonElement schema)
    {
        if (KindOf(schema) is { } kind && kind != PlainKindOf(value))
            return $"{name} must be {JsonNames.Of(kind)}, not {JsonNames.Of(value.ValueKind)}.";
        return value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items)
            ? value.EnumerateArray().Select((element, i) => ProblemOf($"{name}[{i}]", element, items)).FirstOrDefault(p => p is not null)
            : null;
    }

    /// <summary>Null if the schema has values of several kinds.</summary>
    private static JsonValueKind? KindOf(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? null : type.GetString() switch
        {
            "string" => JsonValueKind.String,
            "integer" or "number" => JsonValueKind.Number,
            "boolean" => JsonValueKind.True,
            "array" => JsonValueKind.Array,
            "object" => JsonValueKind.Object,
            var other => throw new InvalidOperationException($"A schema has the type {other}."),
        };

    private static JsonValueKind PlainKindOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;
}
