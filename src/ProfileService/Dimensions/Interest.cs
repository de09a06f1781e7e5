using System.Runtime.InteropServices;

namespace ProfileService.Dimensions;

/// <summary>How much of a user's attention a category has.</summary>
/// <param name="Share">
/// Sum of (attention ÷ 4 + 3 ÷ 4n) × <see cref="KindWeight"/> over the category's events ÷ that over all events that have a category, where
/// n is the number of the window's events. 0 to 1; all of a user's shares come to 1.
/// </param>
/// <param name="Trend">Its share in the newer half of the window's events less that in the earlier half, -1 to 1; null where a half has no such event.</param>
internal sealed record Interest(string Category, double Share, double? Trend)
{
    public const int Most = 20;

    // Attention looks for what comes next, and so at what came last. Three parts of four are the same for each event, so that the last
    // session does not hide what lasts (docs/dimensions.md has the figures).
    private const double OfAttention = 0.25;

    public static IReadOnlyList<Interest>? Of(ReadOnlySpan<DimensionEvent> events)
    {
        var weights = new Dictionary<string, Halves>();
        var all = default(Halves);
        var firstNewer = events.Length / 2;
        for (var i = 0; i < events.Length; i++)
        {
            var weight = ((OfAttention * events[i].Attention) + ((1 - OfAttention) / events.Length)) * KindWeight.Of(events[i].Kind);
            if (events[i].Category is not { } category || weight == 0)
                continue;
            ref var halves = ref CollectionsMarshal.GetValueRefOrAddDefault(weights, category, out _);
            halves = halves.With(weight, i >= firstNewer);
            all = all.With(weight, i >= firstNewer);
        }

        return weights.Count == 0
            ? null
            : [.. weights.Select(w => new Interest(w.Key, Rounded.Of(w.Value.Sum / all.Sum), TrendOf(w.Value, all)))
                .OrderByDescending(i => i.Share).ThenBy(i => i.Category, StringComparer.Ordinal).Take(Most)];
    }

    private static double? TrendOf(Halves own, Halves all) =>
        all is { Earlier: > 0, Newer: > 0 } ? Rounded.Of((own.Newer / all.Newer) - (own.Earlier / all.Earlier)) : null;

    private readonly record struct Halves(double Earlier, double Newer)
    {
        public double Sum => Earlier + Newer;

        public Halves With(double weight, bool isNewer) => isNewer ? this with { Newer = Newer + weight } : this with { Earlier = Earlier + weight };
    }
}
