using Microsoft.Extensions.Options;
using ProfileService.Events;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>
/// The kind of a user's next event, from the kinds of its window alone.
/// <para>
/// P(k | j) = (n(j, k) + μ q(k)) / (n(j) + μ), where j is the kind of the newest event, n(j, k) how often k followed j in the window, and
/// n(j) their sum. q(k) = (c(k) + α) / (n + α K) is the share of kind k among the window's n events, of which c(k) are of kind k. It is
/// smoothed towards the uniform share of all K kinds.
/// </para>
/// <para>
/// The predictive rule of a Dirichlet prior over each row of a Markov chain, centred on the shares of the symbols: D. MacKay and L. Peto,
/// "A hierarchical Dirichlet language model", Natural Language Engineering 1(3), 1995, equations 13 to 15; with a symmetric prior, the
/// add-α rule, for the shares themselves.
/// </para>
/// </summary>
internal sealed class NextKinds(IOptions<EventOptions> options)
{
    /// <summary>
    /// μ: the number of transitions at which they count as much as the shares. The best of 0.5, 1, 2, 4, 8 and 16 on the demo shop
    /// (docs/recommendations.md).
    /// </summary>
    public const double RowPrior = 8;

    /// <summary>α: added to the number of events of every kind; 1 is Laplace's rule of succession.</summary>
    public const double SharePrior = 1;

    private readonly string[] _kinds = [.. EventKinds.Known.Concat(options.Value.ExtraKinds).Distinct(StringComparer.Ordinal)];

    /// <param name="window">Kinds of the window's events, oldest first.</param>
    /// <returns>Every kind, the likeliest first; none if the window is empty.</returns>
    public IReadOnlyList<PredictedKind> Of(IReadOnlyList<string> window)
    {
        if (window.Count == 0)
            return [];
        // A window may contain a kind that was removed from the settings.
        var kinds = _kinds.Union(window, StringComparer.Ordinal).ToArray();
        var newest = window[^1];
        var counts = window.CountBy(k => k).ToDictionary();
        var follows = window.Zip(window.Skip(1)).Where(pair => pair.First == newest).CountBy(pair => pair.Second).ToDictionary();
        var transitions = follows.Values.Sum();
        return [.. kinds.Select(k => new PredictedKind(k, Probability(k))).OrderByDescending(k => k.Probability)];

        double Share(string kind) => (counts.GetValueOrDefault(kind) + SharePrior) / (window.Count + (SharePrior * kinds.Length));

        double Probability(string kind) => (follows.GetValueOrDefault(kind) + (RowPrior * Share(kind))) / (transitions + RowPrior);
    }
}
