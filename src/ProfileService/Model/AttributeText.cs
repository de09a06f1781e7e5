using System.Globalization;
using System.Text.Json;

namespace ProfileService.Model;

/// <summary>The canonical text of an attribute's value, in training and serving alike: 34, 34.0 and 3.4e1 are all "34".</summary>
internal static class AttributeText
{
    private const double MaxExact = 1L << 53; // every whole number up to this is exact

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Of(value.GetDouble()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };

    private static string Of(double number) => number == Math.Truncate(number) && Math.Abs(number) <= MaxExact
        ? ((long)number).ToString(CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant(); // the shortest text that parses to the same number
}
