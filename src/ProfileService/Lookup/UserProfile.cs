using System.ComponentModel.DataAnnotations;
using ProfileService.Dimensions;
using ProfileService.Platform;

namespace ProfileService.Lookup;

// For the description of the API; ProfileJson writes it.
/// <summary>A user's profile.</summary>
/// <param name="UserId">Whose profile it is.</param>
/// <param name="Vector">
/// The profile vector, of unit length; by some models all zeros if nothing is known of the user. Compare only vectors of one model.
/// Left out if it was not asked for.
/// </param>
/// <param name="Dimension">Length of the model's vectors.</param>
/// <param name="Model">Name and version of the model that computed the profile.</param>
/// <param name="Revision">Revision of the window and the attributes that the profile was computed from; rises with every change.</param>
/// <param name="EventCount">Number of events that the profile was computed from.</param>
/// <param name="Evidence">
/// How much the profile is based on: n ÷ (n + 10), where n counts each event as 1 and each attribute that the model reads as 0.25. 0 if
/// nothing is known, 1/2 at ten events, towards 1 with many. Says nothing of whether a prediction is right.
/// </param>
/// <param name="Dimensions">What the profile says in words and numbers; left out if it was not asked for.</param>
/// <param name="Explanation">Why the profile is as it is; only if it was asked for.</param>
/// <param name="Freshness">How far the profile is behind the user's events.</param>
internal sealed record UserProfile(
    [Id] string UserId,
    float[]? Vector,
    int Dimension,
    string Model,
    long Revision,
    int EventCount,
    [Range(0d, 1d)] double Evidence,
    ProfileDimensions? Dimensions,
    Explanation? Explanation,
    Freshness Freshness);

/// <summary>How far a profile is behind the user's events.</summary>
/// <param name="ComputedAt">When the profile was computed.</param>
/// <param name="EventsThrough">Timestamp of the newest event in it; left out if it has no events.</param>
/// <param name="AgeSeconds">Seconds since it was computed.</param>
/// <param name="PendingEvents">Number of changes to events and attributes that are not in the profile yet.</param>
/// <param name="Stale">Whether changes are pending, or that is unknown while a store is unreachable.</param>
internal sealed record Freshness(
    DateTime ComputedAt, DateTime? EventsThrough, [Range(0d, double.PositiveInfinity)] double AgeSeconds, long PendingEvents, bool Stale);
