using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;

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
            .RefusesEarly(routes.ServiceProvider.GetRequiredService<ReadLimits>().Early)
            .WithTags("Profiles")
            .WithSummary("The profiles of many users")
            .WithDescription("""
                Profiles in the order asked, and the ids that have none. With Accept: application/octet-stream a float32 matrix [users, dimension] in
                the order asked, where the row of a user without profile is all NaN. While a store is away, what is known is answered, as stale; the other
                ids are listed as unavailable, and counted in X-Profile-Unavailable.
                """)
            .Accepts<LookupRequest>(BatchDoor.Json)
            .Produces<LookupResponse>(StatusCodes.Status200OK, Json, BinaryProfiles.ContentType)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status408RequestTimeout)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<ProfileAnswer, Ok<ProfileResponse>, NotModified, ProblemHttpResult>> GetProfile(
        string userId, HttpContext context, ProfileReader profiles, ProfileJson json, Explainer explainer, ReadLimits limits, TimeProvider time, bool fresh = false, string? include = null)
    {
        if (ProfilePartNames.Parse(include) is not { } parts)
            return Problems.Bad("unknown_part", "include", ProfilePartNames.Problem);
        var read = (fresh ? null : profiles.Recall(userId)) ?? await profiles.ReadAsync(userId, fresh, context.RequestAborted);
        if (read.IsUnknown)
            return UserProblems.Unknown();
        if (read.Known is not { } known)
            return UserProblems.NotComputed(context);

        context.Response.Headers.ETag = known.Etag;
        BinaryProfiles.Vary(context.Response);
        if (ProfileEtag.IsKnownTo(context.Request, known.Etag))
            return NotModified.Answer;
        if (parts == ProfileParts.Default || BinaryProfiles.AreWanted(context.Request))
            return new ProfileAnswer(read, json, time.GetUtcNow());
        using var turn = parts.HasFlag(ProfileParts.Explanation) ? await limits.TakeTurnAsync(ReadCost.OfAComputation.Users, context.RequestAborted) : null;
        var explanation = turn is null ? null : await explainer.ExplainAsync(userId, context.RequestAborted);
        return TypedResults.Ok(ProfileResponse.From(read, parts, explanation, time.GetUtcNow()));
    }

    private static async Task<Results<ProfilesAnswer, ProfileMatrix, ProblemHttpResult>> LookUp(
        HttpContext context, BatchDoor door, LookupParser parser, ProfileReader profiles, ProfileJson json, ReadLimits limits, ModelRegistry registry,
        ModelSlot models, TimeProvider time, CancellationToken cancellationToken)
    {
        var (request, refusal) = await door.ReadOneAsync<LookupRequest>(context, parser.Parse);
        if (request is null)
            return refusal!;
        var reads = await profiles.ReadAsync(request.UserIds, cancellationToken);
        limits.HoldAnswer(context, reads.Sum(r => r.Known?.Bytes ?? 0));
        BinaryProfiles.Vary(context.Response);
        return BinaryProfiles.AreWanted(context.Request)
            ? ProfileMatrix.Of(reads, registry, models.Current.Manifest.Dimension)
            : new ProfilesAnswer(request.UserIds, reads, json, time.GetUtcNow());
    }
}

/// <summary>The users asked for.</summary>
/// <param name="UserIds">Up to 1,000 ids.</param>
internal sealed record LookupRequest(IReadOnlyList<string> UserIds);

/// <summary>What was found.</summary>
/// <param name="Profiles">In the order asked.</param>
/// <param name="Missing">Ids without a profile.</param>
/// <param name="Unavailable">Ids of which that cannot be told now, for a store is away; left out where there are none.</param>
internal sealed record LookupResponse(IReadOnlyList<ProfileResponse> Profiles, IReadOnlyList<string> Missing, IReadOnlyList<string>? Unavailable = null);
