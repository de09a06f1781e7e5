namespace ProfileService.Dimensions;

/// <summary>The tone of what a user writes.</summary>
/// <param name="Mean">Of the texts' scores, -1 (against) to 1 (for).</param>
/// <param name="Trend">Mean of the newer half of the texts less that of the earlier half, the middle one of an odd number in the newer; -2 to 2; null for one text.</param>
/// <param name="Texts">How many there are.</param>
internal sealed record TextSentiment(double Mean, double? Trend, int Texts)
{
    public static TextSentiment? Of(ReadOnlySpan<DimensionEvent> events)
    {
        var scores = new List<double>();
        foreach (ref readonly var e in events)
        {
            if (e.Sentiment is { } score)
                scores.Add(score);
        }

        var half = scores.Count / 2;
        return scores.Count == 0
            ? null
            : new TextSentiment(
                Rounded.Of(scores.Average()),
                half == 0 ? null : Rounded.Of(scores.Skip(half).Average() - scores.Take(half).Average()),
                scores.Count);
    }
}
