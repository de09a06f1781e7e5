using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Platform;
using ProfileService.Purposes;

namespace ProfileService.Lookup;

/// <summary>The replies of endpoints that need a user's profile, if there is none.</summary>
internal static class UserProblems
{
    /// <param name="userId">As it is in the path; null if it is not.</param>
    public static ProblemHttpResult Unknown(string? userId) => Problems.NotFound(
        "unknown_user",
        userId is not null && EntityId.ProblemOf("userId", userId) is var (_, rule)
            ? $"No user can have this id: {rule}"
            : "Nothing is known of this user. Post one of the user's events to /v1/events first.");

    /// <summary>The reply if the user's purposes do not allow a profile, or not this use of it; null otherwise.</summary>
    public static ProblemHttpResult? Refusal(UserPurposes purposes, string userId, Purpose purpose) =>
        !purposes.Allow(userId, Purpose.Profile) ? NotAllowed(Purpose.Profile)
        : !purposes.Allow(userId, purpose) ? NotAllowed(purpose)
        : null;

    public static ProblemHttpResult NotAllowed(Purpose purpose) => Problems.NotFound(
        ProfileRefusal.Code,
        $"The user's purposes do not allow '{PurposeNames.NameOf(purpose)}'. PUT /v1/users/{{userId}}/purposes changes them.");

    /// <param name="most">Maximum number of users that can be compared.</param>
    /// <param name="model">Name and version of the model.</param>
    public static ProblemHttpResult TooMany(int most, string model) => Problems.Conflict(
        "too_many_users",
        $"More than {most:N0} users have a profile by {model}, which is what Similar:MaxUsers and an eighth of the memory allow. "
        + "Raise both, or keep the profiles in a Postgres that has pgvector, whose index has no such bound.");

    public static ProblemHttpResult NotComputed(HttpContext context) =>
        Problems.Unavailable(context, "The user's first profile is still being computed. Try again in a second.", "not_computed");
}
