using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Phrases that all endpoints use to describe errors in a JSON object.</summary>
internal static class JsonNames
{
    public static string Of(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "null",
    };

    public static string Of(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    public static string NotUnicode(string what) => $"{what} is not valid Unicode: half a surrogate pair, or broken UTF-8.";

    public static string Repeated(string field) => $"{ShortText.Of(field)} is repeated. Send it once.";

    public static string Required(params IReadOnlyList<string> fields) =>
        fields.Count == 1 ? $"{fields[0]} is required." : $"{string.Join(", ", fields.SkipLast(1))} and {fields[^1]} are required.";

    /// <param name="owner">With its article, such as "an item".</param>
    public static string Unknown(string field, string owner, IEnumerable<string> known) =>
        $"{ShortText.Of(field)} is not a field of {owner}, which has {string.Join(", ", Nearest.InOrder(ShortText.Of(field), known))}.";
}
