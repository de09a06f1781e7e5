using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProfileService.Tests.Host;

/// <summary>Holds JSON against the schemas of an OpenAPI document, as far as ours go.</summary>
internal sealed class JsonSchema(JsonElement document)
{
    /// <summary>What is wrong with a value, each with its path; nothing if the value keeps to the schema.</summary>
    public IEnumerable<string> ProblemsOf(JsonElement value, JsonElement schema, string path = "$")
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var fitting = choices.EnumerateArray().Count(choice => !ProblemsOf(value, choice, path).Any());
            return fitting == 1 ? [] : [$"{path} fits {fitting} of the choices"];
        }

        var type = Text(schema, "type");
        return type is not null && !IsOf(value, type) ? [$"{path} is {value.ValueKind}, not {type}"] : type switch
        {
            "object" => ProblemsOfObject(value, schema, path),
            "array" => ProblemsOfArray(value, schema, path),
            "string" => ProblemsOfText(value.GetString()!, schema, path),
            "integer" or "number" => ProblemsOfNumber(value.GetDouble(), schema, path),
            _ => [],
        };
    }

    public JsonElement Resolve(JsonElement described) => described.TryGetProperty("$ref", out var reference)
        ? reference.GetString()![2..].Split('/').Aggregate(document, (found, name) => found.GetProperty(name))
        : described;

    private IEnumerable<string> ProblemsOfObject(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(n => n.GetString()!).Where(n => !value.TryGetProperty(n, out _)))
                yield return $"{path}.{name} is missing";
        }

        var properties = schema.TryGetProperty("properties", out var declared) ? declared : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        foreach (var field in value.EnumerateObject())
        {
            var known = properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(field.Name, out var own) ? own : others;
            if (known.ValueKind != JsonValueKind.Object)
                yield return $"{path}.{field.Name} is not in the schema";
            foreach (var problem in known.ValueKind == JsonValueKind.Object ? ProblemsOf(field.Value, known, $"{path}.{field.Name}") : [])
                yield return problem;
        }
    }

    private IEnumerable<string> ProblemsOfArray(JsonElement value, JsonElement schema, string path)
    {
        if (!IsWithin(value.GetArrayLength(), schema, "minItems", "maxItems"))
            yield return $"{path} has {value.GetArrayLength()} items";
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            foreach (var problem in ProblemsOf(item, schema.GetProperty("items"), $"{path}[{index}]"))
                yield return problem;
        }
    }

    private static IEnumerable<string> ProblemsOfText(string text, JsonElement schema, string path)
    {
        if (!IsWithin(text.Length, schema, "minLength", "maxLength"))
            yield return $"{path} has {text.Length} characters";
        if (Text(schema, "pattern") is { } pattern && !Regex.IsMatch(text, pattern))
            yield return $"{path} does not match {pattern}";
        if (Text(schema, "format") == "date-time" && !DateTimeOffset.TryParse(text, null, out _))
            yield return $"{path} is no time";
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => word.GetString() == text))
            yield return $"{path} is {text}";
    }

    private static IEnumerable<string> ProblemsOfNumber(double number, JsonElement schema, string path) =>
        IsWithin(number, schema, "minimum", "maximum") ? [] : [$"{path} is {number}"];

    private static bool IsWithin(double number, JsonElement schema, string least, string most) =>
        (!schema.TryGetProperty(least, out var from) || number >= from.GetDouble())
        && (!schema.TryGetProperty(most, out var to) || number <= to.GetDouble());

    private static bool IsOf(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && value.TryGetInt64(out _)),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => false,
    };

    private static string? Text(JsonElement schema, string name) => schema.TryGetProperty(name, out var text) ? text.GetString() : null;
}
