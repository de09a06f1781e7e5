namespace ProfileService.Client;

/// <summary>Users with similar profiles.</summary>
/// <param name="UserId">Whom they are like.</param>
/// <param name="Model">Name and version of the model whose vectors were compared.</param>
/// <param name="Users">The most similar first, without the user itself.</param>
/// <param name="Search"><c>exact</c>: every user was compared; <c>hnsw</c>: by an index, which may miss some.</param>
/// <param name="Stale">True if the user's profile is behind its events, or that is unknown; null otherwise.</param>
public sealed record SimilarUsers(string UserId, string Model, IReadOnlyList<SimilarUser> Users, string? Search = null, bool? Stale = null);

/// <summary>A user with a similar profile.</summary>
/// <param name="UserId">The other user.</param>
/// <param name="Similarity">Cosine of the two vectors, from -1 to 1 but for rounding.</param>
public sealed record SimilarUser(string UserId, double Similarity);
