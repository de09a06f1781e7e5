using System.ComponentModel.DataAnnotations;
using System.Runtime.InteropServices;
using ProfileService.Platform;

namespace ProfileService.Dimensions;

/// <summary>How much a user cares for a category.</summary>
/// <param name="Category">As in events and items.</param>
/// <param name="Share">
/// The category's part of the weight of all events that have a category. An event weighs a quarter by the model's attention and three
/// quarters the same as any other, times a factor of its kind. The shares of all the user's categories sum to 1.
/// </param>
/// <param name="Trend">Share in the newer half of the window minus share in the earlier half; left out if a half has no category.</param>
internal sealed record Interest([Name] string Category, [Range(0d, 1d)] double Share, [Range(-1d, 1d)] double? Trend)
{
    public const int MaxCount = 20;

    // The model predicts the next item and therefore attends mostly to the latest events. Three quarters of the weight are equal for all
    // events, so that the last session does not hide lasting interests (docs/dimensions.md has the figures).
    private const double AttentionShare = 0.25;

    public static IReadOnlyList<Interest>? Of(ReadOnlySpan<DimensionEvent> events)
    {
        var weights = new Dictionary<string, Halves>();
        var all = default(Halves);
        var firstNewer = events.Length / 2;
        for (var i = 0; i < events.Length; i++)
        {
            var weight = ((AttentionShare * events[i].Attention) + ((1 - AttentionShare) / events.Length)) * KindWeight.Of(events[i].Kind);
            if (events[i].Category is not { } category || weight == 0)
                continue;
            ref var halves = ref CollectionsMarshal.GetValueRefOrAddDefault(weights, category, out _);
            halves = halves.With(weight, i >= firstNewer);
            all = all.With(weight, i >= firstNewer);
        }

        return weights.Count == 0
            ? null
            : [.. weights.Select(w => new Interest(w.Key, Rounded.Of(w.Value.Sum / all.Sum), TrendOf(w.Value, all)))
                .OrderByDescending(i => i.Share).ThenBy(i => i.Category, StringComparer.Ordinal).Take(MaxCount)];
    }

    private static double? TrendOf(Halves own, Halves all) =>
        all is { Earlier: > 0, Newer: > 0 } ? Rounded.Of((own.Newer / all.Newer) - (own.Earlier / all.Earlier)) : null;

    private readonly record struct Halves(double Earlier, double Newer)
    {
        public double Sum => Earlier + Newer;

        public Halves With(double weight, bool isNewer) =>
            isNewer ? this with { Newer = Newer + weight } : this with { Earlier = Earlier + weight };
    }
}
