using Npgsql;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Similar;

/// <summary>
/// Finds users with vectors near to a given one: in the index if there is one, otherwise by comparing all vectors. Nobody is found whose
/// purposes do not allow it.
/// </summary>
internal sealed class SimilarFinder(
    ExactSimilar exact, UserPurposes purposes, PgvectorTable? table = null, PgvectorWorker? worker = null)
{
    private const Purpose Needed = Purpose.Profile | Purpose.Similar;

    private const string Hnsw = "hnsw";
    private const int MaxAsked = 1_000; // of the index, which knows no purposes; if fewer of them may be named, the answer is shorter

    /// <summary>Maximum number of users that can be searched without an index.</summary>
    public int MostUsers(VectorSpace space) => exact.MostUsers(space.Dimension);

    /// <param name="count">At least 1.</param>
    /// <returns>No users if the vector is zero, that is, if the model knows nothing of the user.</returns>
    public async Task<SimilarFound> FindAsync(QueryVector sought, int count, CancellationToken cancellationToken)
    {
        var isIndexed = worker?.IsReadyFor(sought.Space) == true;
        if (VectorBytes.AreZero(sought.Bytes))
            return new SimilarFound(isIndexed ? Hnsw : ExactSimilar.Name, []);
        if (isIndexed && await TryFindIndexedAsync(sought, count, cancellationToken) is { } found)
            return new SimilarFound(Hnsw, found);
        return await exact.FindAsync(sought, count, purposes.AllowAll(Needed) ? null : MayBeNamed, cancellationToken);
    }

    private bool MayBeNamed(string userId) => purposes.Allow(userId, Needed);

    /// <summary>Null if somebody dropped the table or its index.</summary>
    private async Task<IReadOnlyList<SimilarUser>?> TryFindIndexedAsync(
        QueryVector sought, int count, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindIndexedAsync(sought, count, cancellationToken) is { } found)
                return found;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
        }

        worker!.IndexIsLost();
        return null;
    }

    private async Task<IReadOnlyList<SimilarUser>?> FindIndexedAsync(QueryVector sought, int count, CancellationToken cancellationToken)
    {
        for (var asked = count; ; asked = Math.Min(4 * asked, MaxAsked))
        {
            if (await table!.FindAsync(sought, asked, cancellationToken) is not { } found)
                return null;
            List<SimilarUser> named = [.. found.Where(u => purposes.AllowAll(Needed) || MayBeNamed(u.UserId)).Take(count)];
            if (named.Count == count || found.Count < asked || asked >= MaxAsked)
                return named;
        }
    }
}
