using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>The result of a lookup of one user: the profile and the revision of the window. Either may be missing.</summary>
/// <param name="IsWithheld">Whether the user's purposes do not allow a profile; whether there is one was not looked up.</param>
/// <param name="IsUnsure">Whether a store is unavailable. The profile may then be behind, or exist although it is missing here.</param>
internal readonly record struct FoundProfile(
    EncodedProfile? Encoded, long? WindowRevision, int MaxEvents, bool IsUnsure = false, bool IsWithheld = false)
{
    public static FoundProfile Withheld { get; } = new(null, null, 0, IsWithheld: true);

    public Profile? Profile => Encoded?.Profile;

    /// <summary>Number of changes that the profile lacks, at most the maximum length of a window; 0 if it is unknown.</summary>
    public long PendingEvents =>
        WindowRevision is { } revision && !IsAltered ? Math.Clamp(revision - (Profile?.Revision ?? 0), 0, MaxEvents) : 0;

    public bool IsStale => PendingEvents > 0 || ((IsUnsure || IsAltered) && Encoded is not null);

    public bool IsUnknown => Encoded is null && WindowRevision is null && !IsUnsure;

    /// <summary>Whether a profile may exist, or would if the user's window were not altered.</summary>
    public bool IsUnavailable => Encoded is null && (IsUnsure || IsAltered);

    /// <summary>Whether there is no profile, which is sure.</summary>
    public bool IsMissing => Encoded is null && !IsUnavailable;

    private bool IsAltered => WindowRevision == CheckedRevision.Altered;

    /// <summary>Seconds since the profile was computed.</summary>
    public double AgeSeconds(DateTimeOffset now) => Math.Max(0, (now.UtcDateTime - Profile!.ComputedAt).TotalSeconds);

    /// <summary>The response if there is no profile; null otherwise.</summary>
    public ProblemHttpResult? ProblemOf(HttpContext context) =>
        IsWithheld ? UserProblems.NotAllowed(Purpose.Profile)
        : IsUnknown ? UserProblems.Unknown(context.GetRouteValue("userId") as string)
        : Encoded is null ? UserProblems.NotComputed(context)
        : null;

    /// <summary>The response if there is no profile by this model, which may have been activated a moment ago; null otherwise.</summary>
    public ProblemHttpResult? ProblemOf(HttpContext context, ModelStamp model) =>
        ProblemOf(context) ?? (model.Is(Profile!.Model, Profile.Digest) ? null : UserProblems.NotComputed(context));
}
