using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>Finds users with similar profiles: in the index if there is one, otherwise by comparing all vectors.</summary>
internal sealed class SimilarFinder(ExactSimilar exact, PgvectorTable? table = null, PgvectorWorker? worker = null)
{
    private const string Hnsw = "hnsw";

    /// <summary>Maximum number of users that can be searched without an index.</summary>
    public int MostUsers(Profile profile) => exact.MostUsers(profile.Space.Dimension);

    /// <param name="count">At least 1.</param>
    /// <returns>No users if the profile's vector is zero, that is, if the model knows nothing of the user.</returns>
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
