namespace ProfileService.Client;

/// <summary>A user's vector in an export.</summary>
/// <param name="UserId">Profiles come in the order of the UTF-8 bytes of the ids.</param>
/// <param name="Pseudonym">Stands for the user when a deletion is told.</param>
/// <param name="Revision">As in the profile.</param>
/// <param name="ComputedAt">When the profile was computed.</param>
/// <param name="Vector">As in the profile.</param>
public sealed record ExportedVector(
    string UserId, string Pseudonym, long Revision, DateTimeOffset ComputedAt, ReadOnlyMemory<float> Vector);

/// <summary>A page of an export.</summary>
/// <param name="Profiles">In the order of user ids.</param>
/// <param name="Cursor">From the first page of an export, follow the changes from here.</param>
/// <param name="Model">
/// Name and version of the model of all vectors. If it or <see cref="Digest"/> differs from the page before, begin the export anew.
/// </param>
/// <param name="Next">The user id after which the next page begins; null of the last page.</param>
public sealed record ExportedProfiles(IReadOnlyList<ExportedVector> Profiles, string Cursor, string Model, string? Next)
{
    /// <summary>The length of a vector; null if the process that answered does not have the model.</summary>
    public int? Dimension { get; init; }

    /// <summary>Tells the model from another package of the same name and version; null from a service that does not send it.</summary>
    public string? Digest { get; init; }
}
