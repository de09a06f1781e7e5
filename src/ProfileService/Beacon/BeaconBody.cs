using System.ComponentModel.DataAnnotations;
using ProfileService.Attribution;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Beacon;

/// <summary>The body of a beacon, as it was read.</summary>
/// <param name="Token">Null if this service did not make it; then no event was read.</param>
/// <param name="Summary">Has the events that broke a rule.</param>
internal sealed record BeaconBody(TokenContent? Token, ParsedBatch<WindowEvent> Events, IngestSummary Summary)
{
    /// <summary>The most that <c>navigator.sendBeacon</c> sends.</summary>
    public const int MaxBytes = 1 << 16;

    public const int MaxEvents = 100;
}

// Only describes the body in OpenAPI; BeaconParser parses it.
/// <summary>Events of one user, from a page.</summary>
/// <param name="Token">From <c>POST /v1/users/{userId}/tokens</c>: whose events these are.</param>
/// <param name="Events">Up to 100, in any order.</param>
internal sealed record BeaconRequest(
    [Text(PageTokens.MaxLength, Base64Text.Pattern)] string Token, [MaxLength(BeaconBody.MaxEvents)] IReadOnlyList<PageEvent> Events);

/// <summary>An event as <c>POST /v1/events</c> takes it, but for the user, who is the token's.</summary>
/// <param name="EventId">
/// Two events of a user with the same id are the same event. Derived from user, kind, item and timestamp if left out.
/// </param>
/// <param name="Kind">What was done: one of the ten built-in kinds, or of Events:ExtraKinds.</param>
/// <param name="ItemId">What it was done to.</param>
/// <param name="Timestamp">When, in a form that POST /v1/events takes.</param>
/// <param name="Categories">The item's, the most specific first; if left out, those that the service knows of the item count.</param>
/// <param name="Value">Price, rating or amount; finite.</param>
/// <param name="Text">What the user wrote.</param>
/// <param name="RecommendationId">That of the recommendations which listed the item, if they led to this event.</param>
internal sealed record PageEvent(
    [Id] string? EventId,
    string Kind,
    [Id] string ItemId,
    DateTime Timestamp,
    [Name, MaxLength(EventParser.MaxCategories)] IReadOnlyList<string>? Categories,
    double? Value,
    [Text(EventParser.MaxTextLength)] string? Text,
    [Text(RecommendationIds.MaxLength)] string? RecommendationId);
