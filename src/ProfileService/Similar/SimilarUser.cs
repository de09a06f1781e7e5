using ProfileService.Platform;

namespace ProfileService.Similar;

/// <summary>A user with a similar profile.</summary>
/// <param name="UserId">The other user.</param>
/// <param name="Similarity">Cosine of the two vectors, from -1 to 1 but for rounding.</param>
internal sealed record SimilarUser([Id] string UserId, double Similarity);

/// <summary>The result of a search.</summary>
/// <param name="Search">The kind of search: <c>exact</c> or <c>hnsw</c>.</param>
/// <param name="Users">
/// The most similar first, ties in the order of ids; null if there is no index and <see cref="ExactSimilar.MostUsers"/> is exceeded.
/// </param>
/// <param name="Failure">Why the newest profiles could not be read, so that users may be missing or behind; null if they were.</param>
internal sealed record SimilarFound(string Search, IReadOnlyList<SimilarUser>? Users, Exception? Failure = null);
