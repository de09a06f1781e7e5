namespace ProfileService.Platform;

/// <summary>The rules of ids, and of the names that are no ids: kinds, categories and labels.</summary>
internal static class EntityId
{
    public const int MaxLength = 128;

    /// <summary>Whether a user, an item or an event can have this id.</summary>
    public static bool IsValid(string id) => ProblemOf("", id) is null;

    /// <summary>As <see cref="IsValid"/>, for a name that no address holds.</summary>
    public static bool IsName(string name) => ProblemOfName("", name) is null;

    /// <summary>What is wrong with an id, told of its field; null where nothing is.</summary>
    public static (string Code, string Detail)? ProblemOf(string field, string id) => id is "." or ".."
        ? ("reserved_id", $"{field} must not be . or .. for an address cannot hold these.")
        : ProblemOfName(field, id);

    /// <summary>What is wrong with a name, told of its field; null where nothing is.</summary>
    public static (string Code, string Detail)? ProblemOfName(string field, string name) =>
        name.Length is 0 or > MaxLength ? WrongLength(field)
        : HasControl(name) ? ("control_character", $"{field} must not hold control characters.")
        : null;

    public static (string Code, string Detail) WrongLength(string field) =>
        ("invalid_length", $"{field} must have 1 to {MaxLength} characters.");

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
