namespace ProfileService.Dimensions;

/// <summary>
/// How much a vector rests on: n ÷ (n + 10), where n counts the events and, a quarter each, the attributes that the model reads.
/// </summary>
internal static class Confidence
{
    private const double Half = 10; // events by which it is one half
    private const double OfAttribute = 0.25;

    /// <summary>0, where nothing is known, to below 1.</summary>
    public static float Of(int events, int attributes)
    {
        var known = events + (OfAttribute * attributes);
        return (float)Rounded.Of(known / (known + Half));
    }
}
