using ProfileService.Dimensions;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>What one event of a window says of its item.</summary>
/// <param name="Weight">Above 0 for the item, below 0 against it, see <see cref="Feedback"/>.</param>
/// <param name="Liking">-1 to 1 if the event judges the item, such as a like or a rating; null otherwise.</param>
internal readonly record struct EventFeedback(string ItemId, double Weight, double? Liking)
{
    /// <param name="sentiment">Sentiment of the event's text; null if it has no score or is not read.</param>
    public static EventFeedback Of(WindowEvent e, double? sentiment, RatingOptions scale) => new(
        e.ItemId, Feedback.Of(e.Kind, e.Value, sentiment, scale), Feedback.LikingOf(e.Kind, e.Value, sentiment, scale));
}
