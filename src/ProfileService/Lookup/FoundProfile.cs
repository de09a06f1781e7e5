using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>What is known of a user when it is asked for: the profile and the revision of the window. Either may be missing.</summary>
/// <param name="IsUnsure">Whether a store is away: the profile may be behind, and one that is missing may exist.</param>
internal readonly record struct FoundProfile(EncodedProfile? Encoded, long? WindowRevision, int MaxEvents, bool IsUnsure = false)
{
    public Profile? Profile => Encoded?.Profile;

    /// <summary>Number of changes that the profile lacks, at most the window's length; 0 if that is unknown.</summary>
    public long PendingEvents =>
        WindowRevision is { } revision ? Math.Clamp(revision - (Profile?.Revision ?? 0), 0, MaxEvents) : 0;

    public bool IsStale => PendingEvents > 0 || (IsUnsure && Encoded is not null);

    public bool IsUnknown => Encoded is null && WindowRevision is null && !IsUnsure;

    /// <summary>Seconds since the profile was computed.</summary>
    public double AgeSeconds(DateTimeOffset now) => Math.Max(0, (now.UtcDateTime - Profile!.ComputedAt).TotalSeconds);

    /// <summary>The reply if there is no profile, else null.</summary>
    public ProblemHttpResult? ProblemOf(HttpContext context) =>
        IsUnknown ? UserProblems.Unknown()
        : Encoded is null ? UserProblems.NotComputed(context)
        : null;

    /// <summary>The reply if there is no profile by this model: it may have become active a moment ago. Else null.</summary>
    public ProblemHttpResult? ProblemOf(HttpContext context, ModelStamp model) =>
        ProblemOf(context) ?? (model.Is(Profile!.Model, Profile.Digest) ? null : UserProblems.NotComputed(context));
}
