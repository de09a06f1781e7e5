using System.Globalization;

namespace ProfileService.Attribution;

/// <summary>How the stores of counts write a day: 2026-11-28, so that the order of texts is that of days.</summary>
internal static class DayText
{
    private const string Format = "O";

    public static string Of(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    public static DateOnly Parse(string text) => DateOnly.ParseExact(text, Format, CultureInfo.InvariantCulture);
}
