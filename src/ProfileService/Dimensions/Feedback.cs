using ProfileService.Windows;

namespace ProfileService.Dimensions;

/// <summary>
/// What an event says for its item and the item's categories (above 0) or against them (below 0), relative to a view, which says 1.
/// </summary>
internal static class Feedback
{
    private const double View = 1; // also a click, a search, and any of Events:ExtraKinds

    /// <param name="value">The event's value; the rating if it is a rating or a review.</param>
    /// <param name="sentiment">Sentiment of the event's text, -1 to 1; null if it has no score.</param>
    public static double Of(string kind, double? value, double? sentiment, RatingOptions scale) =>
        LikingOf(kind, value, sentiment, scale) is { } liking ? WeightOf(liking) : kind switch
        {
            EventKinds.Purchase => 4,
            EventKinds.Cart => 3,
            _ => View,
        };

    /// <summary>Whether the event has no value, and its text's sentiment counts instead.</summary>
    public static bool SpeaksByText(string kind, double? value) => IsRating(kind) && value is null;

    /// <summary>How much the user likes the item, -1 to 1, by an event that judges it; null by another.</summary>
    public static double? LikingOf(string kind, double? value, double? sentiment, RatingOptions scale) => kind switch
    {
        EventKinds.Like or EventKinds.Share => 1,
        EventKinds.Dislike => -1,
        _ when IsRating(kind) => value is { } rating ? LikingOf(rating, scale) : sentiment,
        _ => null,
    };

    /// <summary>Whether events of the kind say what the user thinks of the item.</summary>
    public static bool IsJudging(string kind) => kind is EventKinds.Like or EventKinds.Dislike or EventKinds.Share || IsRating(kind);

    private static bool IsRating(string kind) => kind is EventKinds.Rating or EventKinds.Review;

    /// <summary>Place of a rating on its scale: -1 for the lowest and below, 0 in the middle, 1 for the highest and above.</summary>
    private static double LikingOf(double rating, RatingOptions scale)
    {
        var (middle, half) = ((scale.LowestRating + scale.HighestRating) / 2, (scale.HighestRating - scale.LowestRating) / 2);
        return Math.Clamp((rating - middle) / half, -1, 1);
    }

    // The best rating weighs as a like, the worst as a dislike; one in the middle still weighs as a view.
    private static double WeightOf(double liking) => liking >= 0 ? View + liking : 2 * liking;
}
