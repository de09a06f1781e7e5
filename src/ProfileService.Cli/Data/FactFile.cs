using System.Text.Json;

namespace ProfileService.Cli.Data;

/// <summary>Reads what is known of users beside their events: user → name → value, a text, a number, a boolean or a list.</summary>
internal static class FactFile
{
    private const string UserId = "userId";
    private const string Attributes = "attributes";

    /// <summary>Reads lines such as <c>{"userId":"u1","attributes":{"age":31}}</c>.</summary>
    /// <exception cref="InvalidDataException">A line is invalid; the message names it.</exception>
    public static Facts ReadAttributes(string path) => Read(
        path,
        fields => fields.GetValueOrDefault(Attributes) is { ValueKind: JsonValueKind.Object } attributes ? FieldsOf(attributes) : null,
        "userId, a text, and attributes, an object");

    /// <summary>
    /// Reads lines such as <c>{"userId":"u1","interests":["yoga"]}</c>: all fields but <c>userId</c> and <c>attributes</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">A line is invalid; the message names it.</exception>
    public static Facts ReadLabels(string path) => Read(
        path, fields => fields.Where(f => f.Key is not (UserId or Attributes)).ToDictionary(), "an object with userId, a text");

    /// <summary>Age, a number, gender and occupation of MovieLens-100K.</summary>
    public static Facts ReadMovieLens(string directory)
    {
        var found = new Facts();
        foreach (var (user, texts) in AttributeFile.ReadMovieLens(directory))
            found.Add(user, texts.ToDictionary(t => t.Key, t => long.TryParse(t.Value, out var n) ? Json(n) : Json(t.Value)));
        return found;
    }

    private static Facts Read(string path, Func<Dictionary<string, JsonElement>, Dictionary<string, JsonElement>?> pick, string expected)
    {
        var found = new Facts();
        foreach (var (number, line) in EventFile.Open(EventFile.Ndjson, path).Lines)
        {
            var fields = Parse(line);
            if (fields?.GetValueOrDefault(UserId) is not { ValueKind: JsonValueKind.String } user || pick(fields) is not { } values)
                throw new InvalidDataException($"{path} line {number}: not {expected}.");
            found[user.GetString()!] = values.Where(v => v.Value.ValueKind != JsonValueKind.Null).ToDictionary();
        }

        return found;
    }

    private static Dictionary<string, JsonElement>? Parse(string line)
    {
        try
        {
            return JsonElement.Parse(line) is { ValueKind: JsonValueKind.Object } fields ? FieldsOf(fields) : null;
        }
        catch (JsonException)
        {
            return null; // the caller reports the line number
        }
    }

    private static Dictionary<string, JsonElement> FieldsOf(JsonElement fields)
    {
        var found = new Dictionary<string, JsonElement>();
        foreach (var field in fields.EnumerateObject())
            found[field.Name] = field.Value;
        return found;
    }

    private static JsonElement Json<T>(T value) => JsonSerializer.SerializeToElement(value);
}

/// <summary>User → name → value.</summary>
internal sealed class Facts : Dictionary<string, Dictionary<string, JsonElement>>;
