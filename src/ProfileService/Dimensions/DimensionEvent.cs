namespace ProfileService.Dimensions;

/// <summary>What the dimensions read of an event.</summary>
/// <param name="Timestamp">Microseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Category">The most specific one, the item's where the event has none; or null.</param>
/// <param name="Attention">The model's own; 0 to 1, over the window's events 1 in all.</param>
/// <param name="Sentiment">Of its text, -1 to 1; null where there is none.</param>
internal readonly record struct DimensionEvent(
    string Kind, long Timestamp, string? Category = null, double? Value = null, double Attention = 0, double? Sentiment = null);
