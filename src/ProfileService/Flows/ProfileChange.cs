using ProfileService.Platform;

namespace ProfileService.Flows;

/// <summary>A line of the feed: a profile that was stored, or that a user's vector is to be deleted.</summary>
/// <param name="UserId">The user of a stored profile; of an erased user the service no longer knows the id.</param>
/// <param name="Pseudonym">Stands for the user, the same in every line; by it a deletion finds what it is about.</param>
/// <param name="Model">Name and version of the model that computed the profile; left out of a deletion.</param>
/// <param name="Revision">
/// Of the profile; of a deletion, that of the newest profile that is deleted. Left out of a deletion of whatever revision.
/// </param>
/// <param name="ComputedAt">When the profile was computed; left out of a deletion.</param>
/// <param name="Vector">The profile's vector, where it was asked for: numbers, or the base64 of little-endian float32.</param>
/// <param name="Deleted">True for a deletion; left out otherwise.</param>
internal sealed record ProfileChange(
    [property: Id] string? UserId,
    string Pseudonym,
    string? Model,
    long? Revision,
    DateTime? ComputedAt,
    IReadOnlyList<float>? Vector,
    bool? Deleted);

/// <summary>A change, and where a reader goes on after it.</summary>
/// <param name="Vector">[D] float32, little-endian; null if it was not asked for.</param>
internal sealed record FoundChange(
    ChangeCursor Cursor, string? UserId, string Pseudonym, string? Model, long? Revision, DateTime? ComputedAt, byte[]? Vector)
{
    public bool IsDeletion => UserId is null;

    public static FoundChange Deletion(ChangeCursor cursor, string pseudonym, long? revision) =>
        new(cursor, null, pseudonym, null, revision, null, null);
}

/// <summary>Changes in the order in which they are to be applied, and where a reader goes on after them.</summary>
internal sealed record ChangePage(IReadOnlyList<FoundChange> Changes, ChangeCursor Next);
