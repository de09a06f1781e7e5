namespace ProfileService.Client;

/// <summary>What changed: a profile was stored, or what is kept of a user is to be deleted.</summary>
/// <param name="Pseudonym">
/// Stands for the user, the same in every change and export; a deletion has nothing else that names the user.
/// </param>
/// <param name="UserId">The user of a stored profile; null in a deletion.</param>
/// <param name="Model">Name and version of the model that computed the profile; null of a deletion.</param>
/// <param name="Revision">
/// Of the profile. Of a deletion, delete what has this revision or a lower one; whatever has any if it is null.
/// </param>
/// <param name="ComputedAt">When the profile was computed; null of a deletion.</param>
/// <param name="Vector">Null if it was not asked for.</param>
/// <param name="Deleted">Whether it is a deletion.</param>
public sealed record ProfileChange(
    string Pseudonym,
    string? UserId = null,
    string? Model = null,
    long? Revision = null,
    DateTimeOffset? ComputedAt = null,
    ReadOnlyMemory<float>? Vector = null,
    bool Deleted = false);

/// <summary>Changes, to be applied in their order.</summary>
/// <param name="Cursor">Keep it once the changes are applied: what comes next is asked for with it.</param>
public sealed record ProfileChanges(IReadOnlyList<ProfileChange> Changes, string Cursor);
