using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>A user's profile: those parts of it that were asked for.</summary>
/// <param name="UserId">Whose profile it is.</param>
/// <param name="Model">Name and version of the model that computed the profile.</param>
/// <param name="Revision">Revision of the events and attributes that the profile was computed from; rises with every change.</param>
/// <param name="EventCount">Number of events that the profile was computed from.</param>
/// <param name="Freshness">How far the profile is behind the user's events.</param>
/// <param name="Dimension">Length of the model's vectors.</param>
/// <param name="Vector">
/// <paramref name="Dimension"/> numbers of unit length; by some models all zeros if nothing is known of the user, null if not asked for.
/// Compare only vectors of one model.
/// </param>
/// <param name="Evidence">
/// How much the profile is based on, from 0 to 1: 1/2 at ten events. Says nothing of whether a prediction is right.
/// </param>
/// <param name="Dimensions">What the profile says in words and numbers; null if not asked for.</param>
/// <param name="Explanation">Why the profile is as it is; null if not asked for.</param>
public sealed record UserProfile(
    string UserId,
    string Model,
    long Revision,
    int EventCount,
    Freshness Freshness,
    int Dimension = 0,
    float[]? Vector = null,
    double? Evidence = null,
    ProfileDimensions? Dimensions = null,
    Explanation? Explanation = null)
{
    /// <summary>
    /// Identifies this state of the profile, for <see cref="ProfileServiceClient.GetProfileIfChangedAsync"/>; null for a profile of a
    /// lookup.
    /// </summary>
    [JsonIgnore]
    public string? ETag { get; init; }
}

/// <summary>How far a profile is behind the user's events.</summary>
/// <param name="ComputedAt">When the profile was computed.</param>
/// <param name="AgeSeconds">Seconds from then until the service answered.</param>
/// <param name="PendingEvents">Number of changes to events and attributes that are not in the profile yet.</param>
/// <param name="Stale">Whether changes are pending, or that is unknown while a store is unreachable.</param>
/// <param name="EventsThrough">Timestamp of the newest event in the profile; null if it has no events.</param>
public sealed record Freshness(
    DateTimeOffset ComputedAt, double AgeSeconds, long PendingEvents, bool Stale, DateTimeOffset? EventsThrough = null);
