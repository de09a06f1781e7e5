namespace ProfileService.Platform;

/// <summary>The rule of a text, or of each text of a list, for the description of the API; the parsers enforce it.</summary>
/// <param name="pattern">A regular expression as JavaScript reads it.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal abstract class TextRuleAttribute(int minLength, int maxLength, string? pattern = null) : Attribute
{
    public int MinLength => minLength;

    public int MaxLength => maxLength;

    public string? Pattern => pattern;
}
