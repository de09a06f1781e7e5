using System.Text.Json;
using ProfileService.Events;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Events and attributes of a user that is stored nowhere.</summary>
/// <param name="UserId">Whom the events name; empty if there are none.</param>
/// <param name="Recommend">Which items to recommend; null for none.</param>
/// <param name="UnknownFields">Names of fields of events that were passed over; null if there were none.</param>
internal sealed record Session(
    string UserId,
    IReadOnlyList<WindowEvent> Events,
    AttributesRow? Attributes,
    RecommendationRequest? Recommend,
    IReadOnlyList<string>? UnknownFields);

// For the description of the API; SessionParser reads it.
/// <summary>A session to compute a profile of: events and attributes that are stored nowhere.</summary>
/// <param name="Events">
/// Events of one user, as <c>POST /v1/events</c> takes them, in any order; up to Events:MaxArrayLength, 1,000 by default.
/// </param>
/// <param name="Attributes">Name and value, up to 64.</param>
/// <param name="Recommend">Which items to recommend beside the profile; none if left out.</param>
internal sealed record SessionRequest(
    IReadOnlyList<UserEvent>? Events, IReadOnlyDictionary<string, JsonElement>? Attributes, RecommendationRequest? Recommend);
