namespace ProfileService.Dimensions;

/// <summary>The part of an event that the dimensions are computed from.</summary>
/// <param name="Timestamp">Microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Category">The event's most specific category; the item's if the event has none; null if neither has one.</param>
/// <param name="Attention">The model's attention to the event, 0 to 1. The attention to all events of a window sums to 1.</param>
/// <param name="Sentiment">Sentiment of the event's text, -1 to 1; null if it has no text.</param>
internal readonly record struct DimensionEvent(
    string Kind, long Timestamp, string? Category = null, double? Value = null, double Attention = 0, double? Sentiment = null);
