using ProfileService.Storage;

namespace ProfileService.Purposes;

/// <summary>A user's purposes before and after they were set.</summary>
/// <param name="Row">The version in force; the former one if nothing changed.</param>
/// <param name="IsNew">Whether the version was made by this change.</param>
internal readonly record struct PurposeChange(string UserId, Purpose Before, PurposesRow Row, bool IsNew)
{
    private Purpose After => PurposeNames.FromRow(Row);

    /// <summary>Whether the purpose was allowed and is not any more.</summary>
    public bool Ends(Purpose purpose) => Before.HasFlag(purpose) && !After.HasFlag(purpose);

    /// <summary>Whether the purpose was not allowed and is now.</summary>
    public bool Begins(Purpose purpose) => !Before.HasFlag(purpose) && After.HasFlag(purpose);
}
