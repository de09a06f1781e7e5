namespace ProfileService.Aggregates;

/// <summary>
/// From which count on something is listed: so high that in 19 of 20 releases nothing is listed that nobody met. It depends on the noise
/// and on the catalogue's size, never on the counts.
/// </summary>
internal static class ListingThreshold
{
    private const double Chance = 0.05; // that noise alone lifts any count above it

    /// <summary>For counts that have noise of this ratio.</summary>
    public static int Of(double ratio, int counts) => First(counts, k => Math.Pow(ratio, k) / (1 + ratio));

    /// <summary>For sums of two counts that both have noise of this ratio.</summary>
    public static int OfSums(double ratio, int counts)
    {
        var (scale, rest) = (Math.Pow((1 - ratio) / (1 + ratio), 2), 1 - ratio);
        var offset = 1 + (2 * ratio * ratio / (1 - (ratio * ratio)));
        return First(counts, k => scale * Math.Pow(ratio, k) * (((k + offset) / rest) + (ratio / (rest * rest))));
    }

    /// <param name="tail">Probability that noise is so great or greater.</param>
    private static int First(int counts, Func<int, double> tail)
    {
        var least = 1;
        while (counts * tail(least) > Chance)
            least++;
        return least;
    }
}
