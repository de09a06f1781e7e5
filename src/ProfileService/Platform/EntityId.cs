namespace ProfileService.Platform;

/// <summary>The rules for ids, and for names that are not ids: kinds, categories and labels.</summary>
internal static class EntityId
{
    public const int MaxLength = 128;

    /// <summary>Whether the text is a valid id of a user, an item or an event.</summary>
    public static bool IsValid(string id) => ProblemOf("", id) is null;

    /// <summary>As <see cref="IsValid"/>, for a name that is never part of a URL.</summary>
    public static bool IsName(string name) => ProblemOfName("", name) is null;

    /// <summary>Returns what is wrong with the id in a field; null if it is valid.</summary>
    public static (string Code, string Detail)? ProblemOf(string field, string id) => id is "." or ".."
        ? ("reserved_id", $"{field} must not be . or .. because a URL cannot contain them.")
        : ProblemOfName(field, id);

    /// <summary>Returns what is wrong with the name in a field; null if it is valid.</summary>
    public static (string Code, string Detail)? ProblemOfName(string field, string name) =>
        name.Length is 0 or > MaxLength ? WrongLength(field)
        : HasControl(name) ? (ErrorCodes.ControlCharacter, $"{field} must not contain control characters.")
        : null;

    public static (string Code, string Detail) WrongLength(string field) =>
        (ErrorCodes.InvalidLength, $"{field} must have 1 to {MaxLength} characters.");

    public static bool HasControl(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c))
                return true;
        }

        return false;
    }
}
