namespace ProfileService.Dimensions;

/// <summary>
/// How much data a vector is based on: n ÷ (n + 10). n is the number of events plus a quarter of the number of attributes that the model
/// reads.
/// </summary>
internal static class Confidence
{
    private const double EventsForHalf = 10; // number of events at which the confidence is 1/2
    private const double EventsPerAttribute = 0.25;

    /// <summary>0 if nothing is known; always below 1.</summary>
    public static float Of(int events, int attributes)
    {
        var known = events + (EventsPerAttribute * attributes);
        return (float)Rounded.Of(known / (known + EventsForHalf));
    }
}
