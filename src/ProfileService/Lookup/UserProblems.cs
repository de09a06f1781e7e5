using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>The replies of endpoints that need a user's profile, if there is none.</summary>
internal static class UserProblems
{
    public static ProblemHttpResult Unknown() =>
        Problems.NotFound("unknown_user", "Nothing is known of this user. Post an event of it to /v1/events first.");

    public static ProblemHttpResult NotComputed(HttpContext context) =>
        Problems.Unavailable(context, "The user's first profile is still being computed. Try again in a second.", "not_computed");
}
