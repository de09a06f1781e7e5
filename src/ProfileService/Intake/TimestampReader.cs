using System.Buffers;
using System.Text;
using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Reads a JSON timestamp: a text, see <see cref="TimeText"/>, or a whole number, Unix time in milliseconds.</summary>
internal static class TimestampReader
{
    /// <summary>Smallest accepted number (1973-03-03). Smaller numbers are probably Unix time in seconds.</summary>
    public const long MinMilliseconds = 100_000_000_000;

    private const string Forms =
        "must be a time such as 2026-11-22T10:00:00Z (RFC 3339 or ISO 8601), or a whole number, Unix time in milliseconds.";

    private const string Seconds =
        "as a number is Unix time in milliseconds; this one is too small and looks like seconds. Multiply it by 1,000.";

    /// <summary>
    /// Reads the timestamp at the reader's position; returns what is wrong with it, or null. The rule follows the field's name.
    /// </summary>
    public static (string Code, string Rule)? Read(ref Utf8JsonReader json, out long microseconds)
    {
        microseconds = 0;
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return TryText(ref json, out microseconds) ? OutOfRange(microseconds) : (ErrorCodes.InvalidTimestamp, Forms);
            case JsonTokenType.Number when TryWhole(ref json, out var milliseconds):
                if (milliseconds is >= 0 and < MinMilliseconds)
                    return (ErrorCodes.InvalidTimestamp, Seconds);
                microseconds = Math.Clamp(milliseconds, -1, (EventTime.Latest / 1_000) + 1) * 1_000;
                return OutOfRange(microseconds);
            default:
                return (ErrorCodes.InvalidTimestamp, Forms);
        }
    }

    /// <summary>As the other one, for a text that is not JSON.</summary>
    public static (string Code, string Rule)? Read(string text, out long microseconds) =>
        TimeText.TryParse(Encoding.UTF8.GetBytes(text), out microseconds) ? OutOfRange(microseconds) : (ErrorCodes.InvalidTimestamp, Forms);

    private static (string, string)? OutOfRange(long microseconds) =>
        microseconds < EventTime.Earliest ? ("timestamp_too_early", $"must not be before the year {EventTime.FirstYear}.")
        : microseconds > EventTime.Latest ? (ErrorCodes.InvalidTimestamp, "must not be after the year 9999.")
        : null;

    private static bool TryText(ref Utf8JsonReader json, out long microseconds)
    {
        if (!json.HasValueSequence && !json.ValueIsEscaped)
            return TimeText.TryParse(json.ValueSpan, out microseconds);
        var length = json.HasValueSequence ? (int)json.ValueSequence.Length : json.ValueSpan.Length;
        var text = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return TimeText.TryParse(text.AsSpan(0, json.CopyString(text)), out microseconds);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <summary>Reads a whole number in any JSON notation, including 1795341600000.0 and 1.7953416e12.</summary>
    private static bool TryWhole(ref Utf8JsonReader json, out long number)
    {
        if (json.TryGetInt64(out number))
            return true;
        if (!json.TryGetDouble(out var value) || !double.IsInteger(value))
            return false;
        number = double.ConvertToInteger<long>(value); // saturates at the limits of long, which are out of range as well
        return true;
    }
}
