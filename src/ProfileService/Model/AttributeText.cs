using System.Globalization;
using System.Text.Json;

namespace ProfileService.Model;

/// <summary>An attribute's value as the one text that training and serving take it for, however it was written: 34, 34.0 and 3.4e1 are "34".</summary>
internal static class AttributeText
{
    private const double Whole = 1L << 53; // up to here every whole number is exact

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => Of(value.GetDouble()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };

    private static string Of(double number) => number == Math.Truncate(number) && Math.Abs(number) <= Whole
        ? ((long)number).ToString(CultureInfo.InvariantCulture)
        : number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant(); // the shortest that reads back as the same
}
