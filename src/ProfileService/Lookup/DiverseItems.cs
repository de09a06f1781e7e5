using System.Buffers;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>
/// Maximal marginal relevance (Carbonell and Goldstein, 1998): picks, one after the other, the item with the greatest
/// (1 − d) × score − d × (the greatest cosine of its vector with those picked before).
/// </summary>
internal static class DiverseItems
{
    private const int CandidatesPerItem = 5;
    public const int MaxCandidates = QueryLimits.MaxCount;

    /// <summary>How many of the best items to pick from.</summary>
    public static int Candidates(int count) => Math.Max(count, Math.Min(CandidatesPerItem * count, MaxCandidates));

    /// <param name="candidates">The best first.</param>
    /// <param name="diversity">d, 0 to 1.</param>
    /// <returns>In the order in which they were picked.</returns>
    public static IReadOnlyList<(float Score, int Row)> Pick(
        (float Score, int Row)[] candidates, ItemIndex index, int dimension, int count, double diversity)
    {
        var rented = ArrayPool<float>.Shared.Rent(candidates.Length * (dimension + 2));
        try
        {
            var vectors = rented.AsSpan(0, candidates.Length * dimension);
            for (var i = 0; i < candidates.Length; i++)
                index.CopyUnitVector(candidates[i].Row, vectors.Slice(i * dimension, dimension));
            var cosines = rented.AsSpan(vectors.Length, candidates.Length);
            var nearest = rented.AsSpan(vectors.Length + candidates.Length, candidates.Length);
            return Pick(candidates, vectors, cosines, nearest, Math.Min(count, candidates.Length), (float)diversity);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static List<(float Score, int Row)> Pick(
        (float Score, int Row)[] candidates,
        ReadOnlySpan<float> vectors,
        Span<float> cosines,
        Span<float> nearest,
        int count,
        float diversity)
    {
        var picked = new List<(float Score, int Row)>(count);
        var left = Enumerable.Repeat(true, candidates.Length).ToArray();
        nearest.Fill(-1);
        for (var last = 0; picked.Count < count; last = Best(candidates, left, nearest, diversity))
        {
            picked.Add(candidates[last]);
            left[last] = false;
            var dimension = vectors.Length / candidates.Length;
            RowScan.Score(vectors, vectors.Slice(last * dimension, dimension), cosines);
            for (var i = 0; i < nearest.Length; i++)
                nearest[i] = Math.Max(nearest[i], cosines[i]);
        }

        return picked;
    }

    private static int Best((float Score, int Row)[] candidates, bool[] left, ReadOnlySpan<float> nearest, float diversity)
    {
        var (best, value) = (0, float.NegativeInfinity);
        for (var i = 0; i < candidates.Length; i++)
        {
            var own = ((1 - diversity) * candidates[i].Score) - (diversity * nearest[i]);
            if (left[i] && own > value)
                (best, value) = (i, own);
        }

        return best;
    }
}
