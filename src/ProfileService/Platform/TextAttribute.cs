namespace ProfileService.Platform;

/// <summary>Any text up to a maximum length in characters.</summary>
internal sealed class TextAttribute(int maxLength, string? pattern = null) : TextRuleAttribute(0, maxLength, pattern);
