using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Hosting;
using ProfileService.Model;
using ProfileService.Profiles;

namespace ProfileService.Lookup;

/// <summary>The profile that a door works from, as it is, or the reply where there is none.</summary>
internal readonly record struct UserProfile(Profile? Profile, ProblemHttpResult? Problem)
{
    /// <param name="userId">As the route has it.</param>
    /// <param name="model">Whose profile is wanted: one that was swapped in meanwhile has none of this user yet.</param>
    public static async Task<UserProfile> ReadAsync(string userId, HttpContext context, ProfileReader profiles, ModelManifest model)
    {
        var user = RouteIds.Exact(context, userId);
        var read = profiles.Recall(user) ?? await profiles.ReadAsync(user, fresh: false, context.RequestAborted);
        if (read.IsUnknown)
            return new(null, TypedResults.Problem("Nothing is known of this user. Post an event of it to /v1/events first.", statusCode: StatusCodes.Status404NotFound));
        return read.Known?.Profile is { } profile && profile.Model == model.Id && profile.Vector.Length == model.Dimension * sizeof(float)
            ? new(profile, null)
            : new(null, Problems.Unavailable(context, "The user's first profile is still being computed. Try again in a second."));
    }
}
