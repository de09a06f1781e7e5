using ProfileService.Windows;

namespace ProfileService.Attribution;

/// <summary>An event that names the recommendation that led to it. No store keeps that: what is read again is a plain event.</summary>
internal sealed record RecommendedEvent(
    RecommendationSource Source,
    string UserId,
    string Kind,
    string ItemId,
    long Timestamp,
    string? GivenId,
    IReadOnlyList<string>? Categories,
    double? Value,
    string? Text)
    : WindowEvent(UserId, Kind, ItemId, Timestamp, GivenId, Categories, Value, Text);
