namespace ProfileService.Similar;

/// <summary>A user whose profile is near another's.</summary>
/// <param name="Similarity">Cosine of the two vectors, -1 to 1.</param>
internal sealed record SimilarUser(string UserId, double Similarity);

/// <summary>What a search found.</summary>
/// <param name="Search">How: <c>exact</c> or <c>hnsw</c>.</param>
/// <param name="Users">The most similar first, of equals by id; null where there are more users than <see cref="SimilarOptions.MaxUsers"/> and no index.</param>
internal sealed record SimilarFound(string Search, IReadOnlyList<SimilarUser>? Users);
