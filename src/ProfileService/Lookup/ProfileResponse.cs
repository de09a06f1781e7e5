using ProfileService.Dimensions;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>A user's profile.</summary>
/// <param name="Vector">The profile vector: <paramref name="Dimension"/> numbers of unit length. Compare only vectors of one model.</param>
/// <param name="Model">Name and version of the model that computed it.</param>
/// <param name="Revision">Revision of the window and the attributes that it was computed from; rises with every change.</param>
/// <param name="EventCount">Events that the window held.</param>
/// <param name="Confidence">How much the vector rests on: n ÷ (n + 10), where n counts the events and, a quarter each, the attributes that the model reads. 0 to below 1.</param>
/// <param name="Dimensions">What the profile says in words and numbers.</param>
/// <param name="Explanation">Why it is as it is; only where it was asked for.</param>
internal sealed record ProfileResponse(
    string UserId,
    float[]? Vector,
    int Dimension,
    string Model,
    long Revision,
    int EventCount,
    double Confidence,
    ProfileDimensions? Dimensions,
    ExplanationResponse? Explanation,
    FreshnessResponse Freshness)
{
    /// <summary>What the profile itself says; the rest is left at nothing, see <see cref="ProfileJson"/>.</summary>
    public static ProfileResponse From(Profile profile, ProfileParts parts = ProfileParts.Default) => new(
        profile.UserId,
        parts.HasFlag(ProfileParts.Vector) ? VectorBytes.ToFloats(profile.Vector) : null,
        profile.Vector.Length / sizeof(float),
        profile.Model,
        profile.Revision,
        profile.EventCount,
        Math.Round(profile.Confidence, 4),
        parts.HasFlag(ProfileParts.Dimensions) ? ProfileDimensions.FromJson(profile.Dimensions) : null,
        null,
        new FreshnessResponse(profile.ComputedAt, profile.EventCount == 0 ? null : profile.EventsThrough, 0, 0, false));

    /// <summary>Some parts of a profile as of now.</summary>
    public static ProfileResponse From(in ReadProfile read, ProfileParts parts, ExplanationResponse? explanation, DateTimeOffset now)
    {
        var profile = From(read.Known!.Profile, parts);
        return profile with
        {
            Explanation = explanation,
            Freshness = profile.Freshness with { AgeSeconds = read.AgeSeconds(now), PendingEvents = read.PendingEvents, Stale = read.IsStale },
        };
    }
}

/// <summary>How far a profile is behind the user's events.</summary>
/// <param name="ComputedAt">When the vector was computed.</param>
/// <param name="EventsThrough">Timestamp of the newest event in it; left out where there is none.</param>
/// <param name="AgeSeconds">Seconds since it was computed.</param>
/// <param name="PendingEvents">Changes of the window and the attributes that the vector lacks.</param>
/// <param name="Stale">Whether there are any.</param>
internal sealed record FreshnessResponse(DateTime ComputedAt, DateTime? EventsThrough, double AgeSeconds, long PendingEvents, bool Stale);
