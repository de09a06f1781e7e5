namespace ProfileService.Platform;

/// <summary>A category or a label, see <see cref="EntityId.ProblemOfName"/>.</summary>
internal sealed class NameAttribute() : TextRuleAttribute(1, EntityId.MaxLength, @"^[^\u0000-\u001f\u007f-\u009f]+$");
