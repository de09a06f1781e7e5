namespace ProfileService.Intake;

/// <summary>Rules that hold for the values of events, items and attributes alike: the problem's code, and what a field must be.</summary>
internal static class ValueRules
{
    public const string NotFinite = "value_not_finite";
    public const string MustBeFinite = "must be a finite number, at most 1.8e308 either way.";

    public const string ControlCharacter = "control_character";
    public const string MustHaveNoNull = "must not contain the null character (U+0000).";

    public static bool HasNull(string text) => text.Contains('\0', StringComparison.Ordinal);
}
