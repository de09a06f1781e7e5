using System.ComponentModel.DataAnnotations;
using ProfileService.Platform;

namespace ProfileService.Dimensions;

/// <summary>How much a user cares for a category.</summary>
/// <param name="Category">As in events and items.</param>
/// <param name="Share">
/// The category's part of what the events say for their categories. An event counts whole for each of its categories. The shares of all
/// the user's categories sum to 1; all are 0 if no event says anything for a category.
/// </param>
/// <param name="Trend">Share in the newer half of the window minus share in the earlier half; left out if a half has no share.</param>
/// <param name="Against">
/// What the events say against the category, as part of what they say for and against all categories; left out if it is 0.
/// </param>
internal sealed record Interest(
    [Name] string Category, [Range(0d, 1d)] double Share, [Range(-1d, 1d)] double? Trend, [Range(0d, 1d)] double? Against)
{
    public const int MaxCount = 20;

    public static IReadOnlyList<Interest>? Of(ReadOnlySpan<DimensionEvent> events)
    {
        var weights = InterestWeights.Of(events, out var all);
        return weights.Count == 0 ? null : Strongest(weights, all);
    }

    private static Interest Of(string category, InterestWeights own, InterestWeights all)
    {
        var against = Rounded.Of(own.Against / (all.For + all.Against));
        return new Interest(
            category,
            all.For > 0 ? Rounded.Of(own.For / all.For) : 0,
            all is { Earlier: > 0, Newer: > 0 } ? Rounded.Of((own.Newer / all.Newer) - (own.Earlier / all.Earlier)) : null,
            against > 0 ? against : null);
    }

    private static Interest[] Strongest(Dictionary<string, InterestWeights> weights, InterestWeights all)
    {
        var (interests, count) = (new Interest[weights.Count], 0);
        foreach (var (category, own) in weights)
            interests[count++] = Of(category, own, all);
        if (count > MaxCount)
        {
            Array.Sort(interests, static (a, b) => InOrder(b.Share + (b.Against ?? 0), a.Share + (a.Against ?? 0), a, b));
            interests = interests[..MaxCount];
        }

        Array.Sort(interests, static (a, b) => InOrder(b.Share, a.Share, a, b));
        return interests;
    }

    private static int InOrder(double greater, double less, Interest a, Interest b) =>
        greater.CompareTo(less) is var first and not 0 ? first
        : (b.Against ?? 0).CompareTo(a.Against ?? 0) is var second and not 0 ? second
        : string.CompareOrdinal(a.Category, b.Category);
}
