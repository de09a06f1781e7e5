using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>Users with similar profiles, from the index where there is one, and else by comparing with all.</summary>
internal sealed class SimilarFinder(ExactSimilar exact, PgvectorTable? table = null, PgvectorWorker? worker = null)
{
    private const string Hnsw = "hnsw";

    /// <summary>Users among whom is searched without an index.</summary>
    public int MostUsers(Profile profile) => exact.MostUsers(profile.Space.Dimension);

    /// <param name="count">From 1.</param>
    /// <returns>Nobody where the model knows nothing of the user: a vector of zeros is near none.</returns>
    public async Task<SimilarFound> FindAsync(Profile profile, int count, CancellationToken cancellationToken)
    {
        var isIndexed = worker?.IsReadyFor(profile.Space) == true;
        if (VectorBytes.AreZero(profile.Vector))
            return new SimilarFound(isIndexed ? Hnsw : ExactSimilar.Name, []);
        return isIndexed
            ? new SimilarFound(Hnsw, await table!.FindAsync(profile, count, cancellationToken))
            : await exact.FindAsync(profile, count, cancellationToken);
    }
}
