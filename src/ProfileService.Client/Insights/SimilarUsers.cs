namespace ProfileService.Client;

/// <summary>Users whose vectors are near a user's, by the same model.</summary>
/// <param name="Search">How they were found: <c>exact</c> or <c>hnsw</c>.</param>
/// <param name="Users">The nearest first, without the user.</param>
/// <param name="Stale">True where the user's profile is behind its events, or that cannot be told; null otherwise.</param>
public sealed record SimilarUsers(string UserId, string Model, IReadOnlyList<SimilarUser> Users, string? Search = null, bool? Stale = null);

/// <param name="Similarity">Cosine of the two vectors, -1 to 1.</param>
public sealed record SimilarUser(string UserId, double Similarity);
