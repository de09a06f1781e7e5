namespace ProfileService.Dimensions;

/// <summary>
/// How much a profile is based on: n ÷ (n + 10). n is the number of events plus a quarter of the number of attributes that the model
/// reads. Says nothing of whether a prediction is right.
/// </summary>
internal static class Evidence
{
    private const double EventsForHalf = 10; // number of events at which the evidence is 1/2
    private const double EventsPerAttribute = 0.25;

    /// <summary>0 if nothing is known; always below 1.</summary>
    public static float Of(int events, int attributes)
    {
        var known = events + (EventsPerAttribute * attributes);
        return (float)Rounded.Of(known / (known + EventsForHalf));
    }
}
