using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Storage;

namespace ProfileService.Lookup;

/// <summary>The profile that a door works from, as it is, or the reply where there is none.</summary>
/// <param name="IsStale">True where the profile is behind the user's events, or may be; null otherwise.</param>
internal readonly record struct UserProfile(Profile? Profile, ProblemHttpResult? Problem, bool? IsStale = null)
{
    /// <param name="model">Whose profile is wanted: one that was made active meanwhile has none of this user yet.</param>
    public static async Task<UserProfile> ReadAsync(string userId, HttpContext context, ProfileReader profiles, ModelStamp model)
    {
        var read = profiles.Recall(userId) ?? await profiles.ReadAsync(userId, fresh: false, context.RequestAborted);
        if (read.IsUnknown)
            return new(null, UserProblems.Unknown());
        return read.Known?.Profile is { } profile && model.Is(profile.Model, profile.Digest)
            ? new(profile, null, read.IsStale ? true : null)
            : new(null, UserProblems.NotComputed(context));
    }
}
