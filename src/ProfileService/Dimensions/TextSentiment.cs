using System.ComponentModel.DataAnnotations;

namespace ProfileService.Dimensions;

/// <summary>The tone of what a user writes.</summary>
/// <param name="Mean">Mean of the texts' scores, from -1 (negative) to 1 (positive).</param>
/// <param name="Trend">
/// Mean of the newer half of the texts, with the middle one, minus that of the earlier half; left out for a single text.
/// </param>
/// <param name="Texts">Number of texts that state an opinion: only they have a score.</param>
internal sealed record TextSentiment([Range(-1d, 1d)] double Mean, [Range(-2d, 2d)] double? Trend, int Texts)
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
