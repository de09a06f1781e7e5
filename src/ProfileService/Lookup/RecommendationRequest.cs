using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Which items to recommend, and how many.</summary>
/// <param name="Count">How many items to answer with at most.</param>
/// <param name="Filter">Which items may be recommended; every item if left out.</param>
/// <param name="ExcludeSeen">
/// window: leaves out the items of the user's window; ever: also those that the user met before, as far as they are remembered;
/// purchased: those that the window says were purchased; never: leaves out none.
/// </param>
/// <param name="MaxPerCategory">
/// How many items of one category to answer with at most. An item counts for its first category; one without a category is not counted.
/// </param>
/// <param name="Fallback">
/// popular: if fewer items fit than asked for, or nothing is known of the user, the answer lists popular items beside them.
/// </param>
/// <param name="Diversity">
/// 0: the items that fit best; above 0, an item that is like those before it gives way to others, the more the nearer to 1.
/// </param>
/// <param name="After">That of the page before, to go on in the same list; all other fields but count and fallback as there.</param>
/// <param name="Context">
/// What the user looks at now; left out, the profile is the stored one. Not for <c>recommend</c> of a session, whose events say it.
/// </param>
internal sealed record RecommendationRequest(
    [Range(1, QueryLimits.MaxCount), DefaultValue("20")] int Count = QueryLimits.DefaultCount,
    ItemFilter? Filter = null,
    [OneOf(RecommendationWords.Window, RecommendationWords.Ever, RecommendationWords.Purchased, RecommendationWords.Never),
        DefaultValue("\"window\"")]
    string ExcludeSeen = RecommendationWords.Window,
    [Range(1, QueryLimits.MaxCount)] int? MaxPerCategory = null,
    [OneOf(RecommendationWords.None, RecommendationWords.Popular), DefaultValue("\"none\"")]
    string Fallback = RecommendationWords.None,
    [Range(0d, 1d), DefaultValue("0")] double Diversity = 0,
    [Text(RecommendationCursor.MaxLength)] string? After = null,
    RecommendationContext? Context = null)
{
    public bool LeavesOutSeen() => ExcludeSeen != RecommendationWords.Never;

    /// <summary>Whether more than the window is needed.</summary>
    public bool LeavesOutAllSeen() => ExcludeSeen == RecommendationWords.Ever;

    /// <summary>The items to leave out because of the window's events, of what the user ever met, and of the context.</summary>
    public SeenByUser SeenOf(IReadOnlyList<WindowEvent> events, SeenItems? ever = null) => ExcludeSeen switch
    {
        RecommendationWords.Window => new SeenByUser(WithContext(events.Select(e => e.ItemId)), null),
        RecommendationWords.Ever => new SeenByUser(WithContext(events.Select(e => e.ItemId)), ever),
        RecommendationWords.Purchased =>
            new SeenByUser(WithContext(events.Where(e => e.Kind is EventKinds.Purchase).Select(e => e.ItemId)), null),
        _ => new SeenByUser(WithContext([]), null),
    };

    private IEnumerable<string> WithContext(IEnumerable<string> seen) => Context is null ? seen : seen.Concat(Context.ItemIds);

    public bool FallsBack() => Fallback == RecommendationWords.Popular;

    public ItemFilter FilterOrNone() => Filter ?? ItemFilter.None;
}

/// <summary>Words of a request for recommendations.</summary>
internal static class RecommendationWords
{
    public const string Window = "window";
    public const string Ever = "ever";
    public const string Purchased = "purchased";
    public const string Never = "never";
    public const string None = "none";
    public const string Popular = "popular";
}
