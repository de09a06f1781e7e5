using System.ComponentModel.DataAnnotations;
using ProfileService.Attribution;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>One thing that a user did to one item at one time.</summary>
/// <param name="EventId">
/// Two events of a user with the same id are the same event. Derived from user, kind, item and timestamp if left out.
/// </param>
/// <param name="UserId">Who did it.</param>
/// <param name="Kind">What was done: one of the ten built-in kinds, or of Events:ExtraKinds.</param>
/// <param name="ItemId">What it was done to.</param>
/// <param name="Timestamp">
/// When. RFC 3339 or ISO 8601, kept to the microsecond, UTC if it names no offset; or a whole number, Unix time in milliseconds.
/// Not before 1970, and at most Events:MaxFuture, 5 minutes by default, ahead of the service's clock.
/// </param>
/// <param name="Categories">The item's, the most specific first; if left out, those that the service knows of the item count.</param>
/// <param name="Value">Price, rating or amount; finite.</param>
/// <param name="Text">What the user wrote.</param>
/// <param name="RecommendationId">
/// That of the recommendations which listed the item, if they led to this event. It is counted by model and not stored with the event.
/// </param>
internal sealed record UserEvent(
    [Id] string? EventId,
    [Id] string UserId,
    string Kind,
    [Id] string ItemId,
    DateTime Timestamp,
    [Name, MaxLength(EventParser.MaxCategories)] IReadOnlyList<string>? Categories,
    double? Value,
    [Text(EventParser.MaxTextLength)] string? Text,
    [Text(RecommendationIds.MaxLength)] string? RecommendationId = null)
{
    public static UserEvent From(WindowEvent e) =>
        new(e.EventId, e.UserId, e.Kind, e.ItemId, EventTime.ToUtc(e.Timestamp), e.Categories, e.Value, e.Text);
}
