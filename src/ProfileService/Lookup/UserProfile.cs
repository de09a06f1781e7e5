using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Model;
using ProfileService.Profiles;

namespace ProfileService.Lookup;

/// <summary>The profile that a door works from, as it is, or the reply where there is none.</summary>
internal readonly record struct UserProfile(Profile? Profile, ProblemHttpResult? Problem)
{
    /// <param name="model">Whose profile is wanted: one that was swapped in meanwhile has none of this user yet.</param>
    public static async Task<UserProfile> ReadAsync(string userId, HttpContext context, ProfileReader profiles, ModelManifest model)
    {
        var read = profiles.Recall(userId) ?? await profiles.ReadAsync(userId, fresh: false, context.RequestAborted);
        if (read.IsUnknown)
            return new(null, UserProblems.Unknown());
        return read.Known?.Profile is { } profile && profile.Model == model.Id && profile.Vector.Length == model.Dimension * sizeof(float)
            ? new(profile, null)
            : new(null, UserProblems.NotComputed(context));
    }
}
