using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ProfileService.Hosting;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>The door out: profiles of one user and of many.</summary>
internal static class LookupApi
{
    private const string Json = "application/json";

    public static void MapLookup(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/users/{userId}/profile", GetProfile)
            .TakesShortWay(routes.ServiceProvider)
            .WithTags("Profiles")
            .WithSummary("A user's profile")
            .WithDescription("""
                The profile vector, the dimensions that people can read, and how far both are behind the user's events. include names the parts:
                vector, dimensions, explanation; the first two where it is left out. fresh=true refreshes a user that is due first, for at most Lookup:FreshTimeout.
                With Accept: application/octet-stream the vector as raw little-endian float32, the rest in X-Profile-* headers. If-None-Match with the ETag answers 304.
                """)
            .Produces<ProfileResponse>(StatusCodes.Status200OK, Json, BinaryProfiles.ContentType)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        routes.MapPost("/v1/profiles/lookup", LookUp)
            .WithTags("Profiles")
            .WithSummary("The profiles of many users")
            .WithDescription("""
                Profiles in the order asked, and the ids that have none. With Accept: application/octet-stream a float32 matrix [users, dimension] in
                the order asked, where the row of a user without profile is all NaN.
                """)
            .Produces<LookupResponse>(StatusCodes.Status200OK, Json, BinaryProfiles.ContentType)
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<ProfileAnswer, Ok<ProfileResponse>, NotModified, ProblemHttpResult>> GetProfile(
        string userId, HttpContext context, ProfileReader profiles, ProfileJson json, Explainer explainer, TimeProvider time, bool fresh = false, string? include = null)
    {
        if (ProfilePartNames.Parse(include) is not { } parts)
            return TypedResults.Problem(ProfilePartNames.Problem, statusCode: StatusCodes.Status400BadRequest);
        var user = RouteIds.Exact(context, userId);
        var read = (fresh ? null : profiles.Recall(user)) ?? await profiles.ReadAsync(user, fresh, context.RequestAborted);
        if (read.IsUnknown)
            return TypedResults.Problem("Nothing is known of this user. Post an event of it to /v1/events first.", statusCode: StatusCodes.Status404NotFound);
        if (read.Known is not { } known)
            return Problems.Unavailable(context, "The user's first profile is still being computed. Try again in a second.");

        context.Response.Headers.ETag = known.Etag;
        BinaryProfiles.Vary(context.Response);
        if (ProfileEtag.IsKnownTo(context.Request, known.Etag))
            return NotModified.Answer;
        if (parts == ProfileParts.Default || BinaryProfiles.AreWanted(context.Request))
            return new ProfileAnswer(read, json, time.GetUtcNow());
        var explanation = parts.HasFlag(ProfileParts.Explanation) ? await explainer.ExplainAsync(user, context.RequestAborted) : null;
        return TypedResults.Ok(ProfileResponse.From(read, parts, explanation, time.GetUtcNow()));
    }

    private static async Task<Results<ProfilesAnswer, ProfileMatrix, ProblemHttpResult>> LookUp(
        LookupRequest? request, HttpContext context, ProfileReader profiles, ProfileJson json, ModelSlot models, IOptions<LookupOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (request?.UserIds is not { } userIds || userIds.Contains(null))
            return TypedResults.Problem("userIds is required: an array of strings.", statusCode: StatusCodes.Status400BadRequest);
        if (userIds.Count > options.Value.MaxUsers)
            return TypedResults.Problem($"userIds may hold at most {options.Value.MaxUsers:N0} ids (Lookup:MaxUsers).", statusCode: StatusCodes.Status400BadRequest);

        var reads = await profiles.ReadAsync(userIds!, cancellationToken);
        BinaryProfiles.Vary(context.Response);
        return BinaryProfiles.AreWanted(context.Request)
            ? new ProfileMatrix(reads, models.Current.Manifest)
            : new ProfilesAnswer(userIds!, reads, json, time.GetUtcNow());
    }
}

/// <summary>The users asked for.</summary>
/// <param name="UserIds">Up to 1,000 ids.</param>
internal sealed record LookupRequest(IReadOnlyList<string?>? UserIds);

/// <summary>What was found.</summary>
/// <param name="Profiles">In the order asked.</param>
/// <param name="Missing">Ids without a profile.</param>
internal sealed record LookupResponse(IReadOnlyList<ProfileResponse> Profiles, IReadOnlyList<string> Missing);
