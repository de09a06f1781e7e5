using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>Finds text in a JSON value that is not valid Unicode: half a surrogate pair, or broken UTF-8.</summary>
internal static class InvalidUnicode
{
    /// <summary>
    /// Returns the path of the first field that contains it, such as <c>labels[2]</c>; null if all text is valid. If a name is invalid, the
    /// path is that of its object, which is empty for the root object.
    /// </summary>
    /// <param name="path">Path of the value.</param>
    public static string? Find(JsonElement value, string path) =>
        Find(value) is not { } found ? null : path.Length > 0 || found is not ['.', ..] ? path + found : found[1..];

    // The path is made on the way back: names are the client's, and may be long.
    private static string? Find(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => IsUnicode(value) ? null : "",
        JsonValueKind.Array => value.EnumerateArray().Index()
            .Select(v => Find(v.Item) is { } rest ? $"[{v.Index}]{rest}" : null).FirstOrDefault(found => found is not null),
        JsonValueKind.Object => value.EnumerateObject().Select(Find).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static string? Find(JsonProperty property) =>
        NameOf(property) is not { } name ? "" : Find(property.Value) is { } rest ? $".{name}{rest}" : null;

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsUnicode(JsonElement text)
    {
        try
        {
            return text.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
