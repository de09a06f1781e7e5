namespace ProfileService.Platform;

/// <summary>The rule of a text, or of each text in a list, for the OpenAPI document. The parsers enforce the rule.</summary>
/// <param name="pattern">A JavaScript regular expression.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal abstract class TextRuleAttribute(int minLength, int maxLength, string? pattern = null) : Attribute
{
    public int MinLength => minLength;

    public int MaxLength => maxLength;

    public string? Pattern => pattern;
}
