using ProfileService.Platform;

namespace ProfileService.Similar;

/// <summary>A user with a similar profile.</summary>
/// <param name="UserId">The other user.</param>
/// <param name="Similarity">Cosine of the two vectors, from -1 to 1 but for rounding.</param>
internal sealed record SimilarUser([Id] string UserId, double Similarity);

/// <summary>What a search found.</summary>
/// <param name="Search">How: <c>exact</c> or <c>hnsw</c>.</param>
/// <param name="Users">
/// The most similar first, of equals by id; null where there are more users than <see cref="SimilarOptions.MaxUsers"/> and no index.
/// </param>
internal sealed record SimilarFound(string Search, IReadOnlyList<SimilarUser>? Users);
