namespace ProfileService.Dimensions;

/// <summary>The part of an event that the dimensions are computed from.</summary>
/// <param name="Timestamp">Microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Categories">The event's; the item's if the event has none; null or empty if neither has one.</param>
/// <param name="Attention">The model's attention to the event, 0 to 1. The attention to all events of a window sums to 1.</param>
/// <param name="Sentiment">Sentiment of the event's text, -1 to 1; null if it states no opinion.</param>
/// <param name="Weight">What the event says for or against its categories, see <see cref="Feedback"/>.</param>
/// <param name="IsOfBought">Whether the user bought the same item earlier in the window.</param>
internal readonly record struct DimensionEvent(
    string Kind,
    long Timestamp,
    string[]? Categories = null,
    double? Value = null,
    float Attention = 0,
    float? Sentiment = null,
    double Weight = 0,
    bool IsOfBought = false);
