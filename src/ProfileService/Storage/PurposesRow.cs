namespace ProfileService.Storage;

/// <summary>
/// A row of the table <c>purposes</c>: what a user's data may be used for, since one change and until the next. It is under the hash of
/// the id, so that an objection outlives an erasure.
/// </summary>
internal sealed class PurposesRow
{
    /// <summary>See <see cref="Platform.UserHash"/>.</summary>
    public required string UserHash { get; init; }

    /// <summary>1 for the user's first change.</summary>
    public required int Version { get; init; }

    public required bool Profile { get; init; }

    public required bool Explain { get; init; }

    public required bool Similar { get; init; }

    public required bool Train { get; init; }

    public required DateTime SetAt { get; init; }

    /// <summary>Whether it is in force.</summary>
    public required bool IsLatest { get; set; }

    /// <summary>A number that rises with each change of any user, and becomes visible in its order.</summary>
    public required long Sequence { get; init; }
}
