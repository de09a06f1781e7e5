using System.Buffers.Text;
using System.Text.Json;

namespace ProfileService.Dimensions;

/// <summary>
/// Writes numbers of <see cref="Rounded"/> as JSON, with the digits that <see cref="Utf8JsonWriter"/> would choose, but without its search for
/// the shortest ones: a profile has some seventy such numbers.
/// </summary>
internal static class RoundedJson
{
    private const int Scale = 10_000; // 4 decimals
    private const double MostScaled = 1e15; // every number of 15 digits is a double of its own
    private const int MostBytes = 20;

    /// <summary>Writes a member; nothing if there is no number.</summary>
    public static void WriteRounded(this Utf8JsonWriter json, ReadOnlySpan<byte> name, double? number)
    {
        if (number is not { } given)
            return;
        json.WritePropertyName(name);
        json.WriteRounded(given);
    }

    public static void WriteRounded(this Utf8JsonWriter json, double number)
    {
        var scaled = Math.Round(number * Scale);
        if (!(Math.Abs(scaled) < MostScaled && scaled / Scale == number)) // too large, or not rounded
            json.WriteNumberValue(number);
        else if (scaled % Scale == 0)
            json.WriteNumberValue((long)scaled / Scale);
        else
            WriteParts(json, (long)scaled);
    }

    private static void WriteParts(Utf8JsonWriter json, long scaled)
    {
        Span<byte> text = stackalloc byte[MostBytes];
        var length = 0;
        if (scaled < 0)
            text[length++] = (byte)'-';
        var (whole, part) = Math.DivRem(Math.Abs(scaled), Scale);
        Utf8Formatter.TryFormat(whole, text[length..], out var digits);
        length += digits;
        text[length++] = (byte)'.';
        for (; part > 0; part = part * 10 % Scale)
            text[length++] = (byte)('0' + (part * 10 / Scale));
        json.WriteRawValue(text[..length], skipInputValidation: true);
    }
}
