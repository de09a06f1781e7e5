using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>Rules that hold for the values of events, items and attributes alike: the problem's code, and what a field must be.</summary>
internal static class ValueRules
{
    public const string NotFinite = "value_not_finite";
    public const string MustBeFinite = "must be a finite number, at most 1.8e308 either way.";

    public const string MustHaveNoNull = "must not contain the null character (U+0000).";

    public const string NotExact = "value_not_exact";
    public const string MustBeExact = "has more digits than a double keeps, so that another number would be stored; send it as a string.";

    /// <summary>
    /// Whether a whole number comes back with the digits that it has, as a double. One with a point or an exponent may be rounded.
    /// </summary>
    /// <param name="value">The number as a double, which is finite.</param>
    public static bool IsExact(JsonElement number, double value) =>
        Math.Abs(value) < 1L << 53 // below, a double has every whole number
        || JsonMarshal.GetRawUtf8Value(number).ContainsAny(".eE"u8)
        || BigInteger.Parse(number.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture)
            == BigInteger.Parse(value.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    public static bool HasNull(string text) => text.Contains('\0', StringComparison.Ordinal);
}
