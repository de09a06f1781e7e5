using System.ComponentModel.DataAnnotations;
using ProfileService.Attribution;
using ProfileService.Platform;

namespace ProfileService.Events.CloudEvents;

/// <summary>A CloudEvent in structured mode. Other attributes may stand beside these; nothing reads them.</summary>
/// <param name="Specversion">The version of CloudEvents: 1.0.</param>
/// <param name="Id">Unique within its source. With the source it is the event's id, where the data has none.</param>
/// <param name="Source">URI of where it comes from.</param>
/// <param name="Type">Its last part is the event's kind, where the data has none: com.example.shop.view is a view.</param>
/// <param name="Subject">The event's user, where the data has none.</param>
/// <param name="Time">The event's timestamp, where the data has none.</param>
/// <param name="Datacontenttype">application/json, or left out.</param>
/// <param name="Data">The event.</param>
internal sealed record CloudEvent(
    [OneOf("1.0")] string Specversion,
    string Id,
    string Source,
    string Type,
    [Id] string? Subject,
    DateTime? Time,
    string? Datacontenttype,
    CloudEventData Data);

/// <summary>An event, without what its CloudEvent says.</summary>
/// <param name="EventId">As in an event that is no CloudEvent; so are the others.</param>
/// <param name="UserId">Required, unless the CloudEvent has a subject.</param>
/// <param name="Kind">Required, unless the CloudEvent's type ends with it.</param>
/// <param name="ItemId">What it was done to.</param>
/// <param name="Timestamp">Required, unless the CloudEvent has a time.</param>
/// <param name="Categories">The item's, the most specific first.</param>
/// <param name="Value">Price, rating or amount; finite.</param>
/// <param name="Text">What the user wrote.</param>
/// <param name="RecommendationId">That of the recommendations which listed the item, if they led to this event.</param>
internal sealed record CloudEventData(
    [Id] string? EventId,
    [Id] string? UserId,
    string? Kind,
    [Id] string ItemId,
    DateTime? Timestamp,
    [Name, MaxLength(EventParser.MaxCategories)] IReadOnlyList<string>? Categories,
    double? Value,
    [Text(EventParser.MaxTextLength)] string? Text,
    [Text(RecommendationIds.MaxLength)] string? RecommendationId);
