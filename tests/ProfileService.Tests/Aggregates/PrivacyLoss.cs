namespace ProfileService.Tests.Aggregates;

/// <summary>
/// Measures by how much two neighbouring sets of users can be told apart by what is released of them: an event whose odds differ by more
/// than e^epsilon is a violation. The bounds are so wide that chance alone exceeds them about once in 10,000 events.
/// </summary>
internal static class PrivacyLoss
{
    private const double Deviations = 4;

    /// <summary>The loss that the draws prove: the greatest over all events that were seen, whichever set makes them more likely.</summary>
    public static double Proven<T>(IReadOnlyCollection<T> with, IReadOnlyCollection<T> without)
        where T : notnull
    {
        var (ofWith, ofWithout) = (with.CountBy(e => e).ToDictionary(), without.CountBy(e => e).ToDictionary());
        return ofWith.Keys.Union(ofWithout.Keys).Max(e =>
        {
            var (a, b) = (Bounds(ofWith.GetValueOrDefault(e), with.Count), Bounds(ofWithout.GetValueOrDefault(e), without.Count));
            return Math.Max(Math.Log(a.Least / b.Most), Math.Log(b.Least / a.Most));
        });
    }

    /// <summary>Wilson's interval of a probability.</summary>
    private static (double Least, double Most) Bounds(int seen, int draws)
    {
        var (p, z) = ((double)seen / draws, Deviations * Deviations / draws);
        var (middle, half) = (p + (z / 2), Math.Sqrt(z * ((p * (1 - p)) + (z / 4))));
        return (Math.Max(0, middle - half) / (1 + z), (middle + half) / (1 + z));
    }
}
