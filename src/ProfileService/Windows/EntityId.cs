namespace ProfileService.Windows;

/// <summary>The rule of ids, kinds and categories.</summary>
internal static class EntityId
{
    public const int MaxLength = 128;

    /// <summary>1 to 128 characters, none of them a control character.</summary>
    public static bool IsValid(string id) => id.Length is >= 1 and <= MaxLength && !id.Any(char.IsControl);
}
