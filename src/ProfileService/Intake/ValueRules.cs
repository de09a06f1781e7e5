using System.Runtime.InteropServices;
using System.Text.Json;

namespace ProfileService.Intake;

/// <summary>Rules that hold for the values of events, items and attributes alike: the problem's code, and what a field must be.</summary>
internal static class ValueRules
{
    public const string NotFinite = "value_not_finite";
    public const string MustBeFinite = "must be a finite number, at most 1.8e308 either way.";

    public const string ControlCharacter = "control_character";
    public const string MustHaveNoNull = "must not contain the null character (U+0000).";

    public const string NotExact = "value_not_exact";
    public const string MustBeExact = "as a whole number is at most 9,007,199,254,740,992 either way; send a greater one as a string.";

    /// <summary>The greatest number up to which a double has every whole one.</summary>
    private const long MaxWhole = 1L << 53;

    /// <summary>Whether a whole number stays what it is as a double. One with a point or an exponent may be rounded.</summary>
    public static bool IsExact(JsonElement number) =>
        JsonMarshal.GetRawUtf8Value(number).ContainsAny(".eE"u8)
        || (number.TryGetInt64(out var whole) && whole is >= -MaxWhole and <= MaxWhole);

    public static bool HasNull(string text) => text.Contains('\0', StringComparison.Ordinal);
}
