using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// Reads one JSON object of a body as a document. All endpoints use it, except that for events, which parses token by token.
/// </summary>
internal static class JsonObjectReader
{
    /// <summary>Maximum bytes of one object. As a document it takes about 12 times as much memory.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>
    /// Passes the object at the reader's position to <paramref name="read"/> and returns its result; advances to the value's last token.
    /// Returns null and a problem if the value is not an object, is nested deeper than <paramref name="maxDepth"/>, or contains invalid
    /// Unicode.
    /// </summary>
    /// <param name="owner">What the object is called in messages, with its article, such as "an item".</param>
    /// <param name="path">Path of the object in the body, for problems; empty for the root object.</param>
    /// <param name="maxDepth">Parsing a document takes time proportional to the square of its depth.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static T? Read<T>(
        ref Utf8JsonReader json,
        long index,
        string owner,
        ReadObject<T> read,
        out EntryProblem? problem,
        string path = "",
        int maxDepth = JsonText.MaxDepth)
        where T : class
    {
        var ahead = json;
        var (start, deepest) = (json.CurrentDepth, json.CurrentDepth);
        JsonText.SkipTo(start, ref ahead, ref deepest);
        if (deepest - start > maxDepth)
        {
            json = ahead;
            problem = new EntryProblem(index, "too_deep", null, $"{Capital(owner)} may be nested at most {maxDepth} deep.");
            return null;
        }

        if (ahead.BytesConsumed - json.BytesConsumed > MaxBytes)
        {
            json = ahead;
            problem = new EntryProblem(index, ErrorCodes.TooLarge, null, $"{Capital(owner)} may have at most {MaxBytes:N0} bytes.");
            return null;
        }

        using var value = JsonDocument.ParseValue(ref json);
        var made = Read(value.RootElement, owner, read, path, out problem);
        problem = problem is null ? null : problem with { Index = index };
        return problem is null ? made : null;
    }

    /// <summary>Returns a problem for the first repeated or unknown name; null if there is none.</summary>
    /// <param name="known">The allowed names; null if any name is allowed.</param>
    public static EntryProblem? ProblemOfNames(JsonElement value, string owner, string[]? known, string path = "")
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            var field = path + ShortText.Of(property.Name);
            if (known is not null && !known.Contains(property.Name))
                return new EntryProblem(0, ErrorCodes.UnknownParameter, field, JsonNames.Unknown(property.Name, owner, known));
            if (!seen.Add(property.Name))
                return new EntryProblem(0, ErrorCodes.RepeatedField, field, JsonNames.Repeated(property.Name));
        }

        return null;
    }

    /// <summary>The field's value; null if the field is missing or null, which mean the same.</summary>
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
            problem = new EntryProblem(0, ErrorCodes.WrongType, path.Length > 0 ? path : null, detail);
        }
        catch (InvalidOperationException) // thrown for half a surrogate pair or broken UTF-8
        {
            var field = InvalidUnicode.Find(value, path) is { Length: > 0 } found ? ShortText.Of(found) : null;
            problem = new EntryProblem(0, ErrorCodes.InvalidText, field, JsonNames.NotUnicode(field ?? "A field's name"));
        }

        return null;
    }

    private static string Capital(string owner) => char.ToUpperInvariant(owner[0]) + owner[1..];
}

/// <summary>Reads a value from a JSON object; returns null and a problem if the object breaks a rule.</summary>
internal delegate T? ReadObject<out T>(JsonElement value, out EntryProblem? problem)
    where T : class;
