using ProfileService.Profiles;

namespace ProfileService.Lookup;

/// <summary>A user's profile.</summary>
/// <param name="Vector">The profile vector: <paramref name="Dimension"/> numbers of unit length. Compare only vectors of one model.</param>
/// <param name="Model">Name and version of the model that computed it.</param>
/// <param name="Revision">Revision of the window that it was computed from; rises with every change.</param>
/// <param name="EventCount">Events that the window held.</param>
internal sealed record ProfileResponse(
    string UserId, float[] Vector, int Dimension, string Model, long Revision, int EventCount, FreshnessResponse Freshness)
{
    /// <summary>What the profile itself says; the rest is left at nothing, see <see cref="ProfileJson"/>.</summary>
    public static ProfileResponse From(Profile profile)
    {
        var vector = VectorBytes.ToFloats(profile.Vector);
        return new ProfileResponse(
            profile.UserId, vector, vector.Length, profile.Model, profile.Revision, profile.EventCount,
            new FreshnessResponse(profile.ComputedAt, profile.EventsThrough, 0, 0, false));
    }
}

/// <summary>How far a profile is behind the user's events.</summary>
/// <param name="ComputedAt">When the vector was computed.</param>
/// <param name="EventsThrough">Timestamp of the newest event in it.</param>
/// <param name="AgeSeconds">Seconds since it was computed.</param>
/// <param name="PendingEvents">Changes of the window that the vector lacks.</param>
/// <param name="Stale">Whether there are any.</param>
internal sealed record FreshnessResponse(DateTime ComputedAt, DateTime EventsThrough, double AgeSeconds, long PendingEvents, bool Stale);
