using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Events;

/// <summary>An event as it is posted and as the window shows it.</summary>
/// <param name="EventId">Makes the event the same when it is posted again; derived from user, kind, item and timestamp where it is left out. 1 to 128 characters.</param>
/// <param name="UserId">Opaque, 1 to 128 characters, no control characters, not . or ..</param>
/// <param name="Kind">view, click, cart, purchase, rating, review, like, dislike, share, search, or one of Events:ExtraKinds.</param>
/// <param name="ItemId">Opaque, 1 to 128 characters, no control characters, not . or ..</param>
/// <param name="Timestamp">
/// RFC 3339 or ISO 8601, kept to the microsecond, UTC where it names no offset; or a whole number, Unix time in milliseconds.
/// Not before 1970; at most Events:MaxFuture ahead of the service's clock.
/// </param>
/// <param name="Categories">Up to 8 of 1 to 128 characters, the most specific first.</param>
/// <param name="Value">Price, rating or amount; finite.</param>
/// <param name="Text">What the user wrote, up to 4,000 characters.</param>
internal sealed record PostedEvent(
    string? EventId,
    string UserId,
    string Kind,
    string ItemId,
    DateTime Timestamp,
    IReadOnlyList<string>? Categories,
    double? Value,
    string? Text)
{
    public static PostedEvent From(UserEvent e) =>
        new(e.EventId, e.UserId, e.Kind, e.ItemId, EventTime.ToUtc(e.Timestamp), e.Categories, e.Value, e.Text);
}
