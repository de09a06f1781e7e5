namespace ProfileService.Tests.Aggregates;

/// <summary>
/// Measures by how much two neighbouring sets of users can be told apart by what is released of them: an event whose odds differ by more
/// than e^epsilon is a violation. The bounds are so wide that chance alone exceeds them about once in 10,000 events.
/// </summary>
internal static class PrivacyLoss
{
    private const double Deviations = 4;

    /// <summary>
    /// The loss that the draws prove: the greatest of the events that a score, by which the sets are told apart, is so high or higher, and
    /// that it is lower.
    /// </summary>
    public static double Proven(IEnumerable<int> with, IEnumerable<int> without)
    {
        var (scores, others) = (with.ToList(), without.ToList());
        return scores.Concat(others).Distinct().Max(score => Math.Max(
            Proven(scores.Count(s => s >= score), scores.Count, others.Count(s => s >= score), others.Count),
            Proven(others.Count(s => s < score), others.Count, scores.Count(s => s < score), scores.Count)));
    }

    /// <summary>The least that the odds of an event differ by, as a logarithm.</summary>
    private static double Proven(int seen, int draws, int seenOfOther, int drawsOfOther) =>
        Math.Log(Bounds(seen, draws).Least / Bounds(seenOfOther, drawsOfOther).Most);

    /// <summary>Wilson's interval of a probability.</summary>
    private static (double Least, double Most) Bounds(int seen, int draws)
    {
        var (p, z) = ((double)seen / draws, Deviations * Deviations / draws);
        var (middle, half) = (p + (z / 2), Math.Sqrt(z * ((p * (1 - p)) + (z / 4))));
        return (Math.Max(0, middle - half) / (1 + z), (middle + half) / (1 + z));
    }
}
