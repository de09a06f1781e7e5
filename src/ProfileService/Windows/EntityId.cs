namespace ProfileService.Windows;

/// <summary>The rule of ids, kinds and categories.</summary>
internal static class EntityId
{
    public const int MaxLength = 128;

    /// <summary>1 to 128 characters, none of them a control character.</summary>
    public static bool IsValid(string id) => id.Length is >= 1 and <= MaxLength && !HasControl(id);

    public static bool HasControl(ReadOnlySpan<char> id)
    {
        foreach (var c in id)
        {
            if (char.IsControl(c))
                return true;
        }

        return false;
    }
}
