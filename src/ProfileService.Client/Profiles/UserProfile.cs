using System.Text.Json.Serialization;

namespace ProfileService.Client;

/// <summary>A user's profile: what was asked for of the vector, the readable dimensions and the explanation.</summary>
/// <param name="Model">Name and version of the model that computed it.</param>
/// <param name="Revision">Rises with every change of the user's events or attributes.</param>
/// <param name="EventCount">Events that it was computed from.</param>
/// <param name="Freshness">How far it is behind the user's events.</param>
/// <param name="Dimension">Length of the model's vectors.</param>
/// <param name="Vector">Of unit length; null where it was not asked for. Compare only vectors of one model.</param>
/// <param name="Confidence">How much is known of the user, from 0 to 1.</param>
/// <param name="Dimensions">The profile in words and numbers; null where it was not asked for.</param>
/// <param name="Explanation">Which events made it; null where it was not asked for.</param>
public sealed record UserProfile(
    string UserId,
    string Model,
    long Revision,
    int EventCount,
    Freshness Freshness,
    int Dimension = 0,
    float[]? Vector = null,
    double? Confidence = null,
    ProfileDimensions? Dimensions = null,
    Explanation? Explanation = null)
{
    /// <summary>Names this state of the profile, for <see cref="ProfileServiceClient.GetProfileIfChangedAsync"/>.</summary>
    [JsonIgnore]
    public string? ETag { get; init; }
}

/// <summary>How far a profile is behind the user's events.</summary>
/// <param name="ComputedAt">When the vector was computed.</param>
/// <param name="AgeSeconds">Seconds since then, when the service answered.</param>
/// <param name="PendingEvents">Changes that the vector lacks.</param>
/// <param name="Stale">Whether there are any.</param>
/// <param name="EventsThrough">Time of the newest event in it; null where there is none.</param>
public sealed record Freshness(DateTimeOffset ComputedAt, double AgeSeconds, long PendingEvents, bool Stale, DateTimeOffset? EventsThrough = null);
