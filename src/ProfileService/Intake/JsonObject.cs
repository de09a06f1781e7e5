using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// One JSON object of a body, read whole. Every door but that of events, which reads as it goes, judges objects by these rules.
/// </summary>
internal static class JsonObject
{
    /// <summary>Bytes of one object; as a document it takes some twelve times as many.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>
    /// What <paramref name="read"/> makes of the object that <paramref name="json"/> stands on, or null and why; leaves the reader on the
    /// value's last token. Only an object is read, nested at most <see cref="JsonText.MaxDepth"/> deep, whose texts are valid Unicode.
    /// </summary>
    /// <param name="owner">What the object is, with its article, such as "an item".</param>
    /// <param name="path">Of the object, where it is shown as a field.</param>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static T? Read<T>(
        ref Utf8JsonReader json, long index, string owner, ReadObject<T> read, out EntryProblem? problem, string path = "")
        where T : class
    {
        var ahead = json;
        var (start, deepest) = (json.CurrentDepth, json.CurrentDepth);
        JsonText.SkipTo(start, ref ahead, ref deepest);
        if (deepest - start > JsonText.MaxDepth) // a document of it would take time by the square of its depth
        {
            json = ahead;
            problem = new EntryProblem(index, "too_deep", null, $"{Capital(owner)} may be nested at most {JsonText.MaxDepth} deep.");
            return null;
        }

        if (ahead.BytesConsumed - json.BytesConsumed > MaxBytes)
        {
            json = ahead;
            problem = new EntryProblem(index, "too_large", null, $"{Capital(owner)} may have at most {MaxBytes:N0} bytes.");
            return null;
        }

        using var value = JsonDocument.ParseValue(ref json);
        var made = Read(value.RootElement, owner, read, path, out problem);
        problem = problem is null ? null : problem with { Index = index };
        return problem is null ? made : null;
    }

    /// <summary>The first name that stands twice, or that the object does not have; null where every name is right.</summary>
    /// <param name="known">The names that there are; null where they are the sender's own.</param>
    public static EntryProblem? ProblemOfNames(JsonElement value, string owner, string[]? known, string path = "")
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            var field = path + ShortText.Of(property.Name);
            if (known is not null && !known.Contains(property.Name))
                return new EntryProblem(0, "unknown_parameter", field, JsonNames.Unknown(property.Name, owner, known));
            if (!seen.Add(property.Name))
                return new EntryProblem(0, "repeated_field", field, JsonNames.Repeated(property.Name));
        }

        return null;
    }

    /// <summary>The field's value; null where it is left out or null, which is the same.</summary>
    public static JsonElement? Find(JsonElement value, string field) =>
        value.TryGetProperty(field, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    private static T? Read<T>(JsonElement value, string owner, ReadObject<T> read, string path, out EntryProblem? problem)
        where T : class
    {
        try
        {
            if (value.ValueKind == JsonValueKind.Object)
                return read(value, out problem);
            var detail = $"{Capital(owner)} is a JSON object, not {JsonNames.Of(value.ValueKind)}.";
            problem = new EntryProblem(0, "wrong_type", path.Length > 0 ? path : null, detail);
        }
        catch (InvalidOperationException) // a JSON string's word for half a surrogate pair or broken UTF-8
        {
            var field = BadText.Find(value, path) is { Length: > 0 } found ? ShortText.Of(found) : null;
            problem = new EntryProblem(0, "invalid_text", field, JsonNames.NotUnicode(field ?? "A field's name"));
        }

        return null;
    }

    private static string Capital(string owner) => char.ToUpperInvariant(owner[0]) + owner[1..];
}

/// <summary>Makes something of a JSON object; null and why where it breaks a rule.</summary>
internal delegate T? ReadObject<out T>(JsonElement value, out EntryProblem? problem)
    where T : class;
