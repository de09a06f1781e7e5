namespace ProfileService.Platform;

/// <summary>An id, see <see cref="EntityId.ProblemOf"/>.</summary>
internal sealed class IdAttribute() : TextRuleAttribute(1, EntityId.MaxLength, @"^(?!\.{1,2}$)[^\u0000-\u001f\u007f-\u009f]+$");
