namespace ProfileService.Platform;

/// <summary>Any text of at most so many characters.</summary>
internal sealed class TextAttribute(int maxLength, string? pattern = null) : TextRuleAttribute(0, maxLength, pattern);
