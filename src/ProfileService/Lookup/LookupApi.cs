using Microsoft.AspNetCore.Http.HttpResults;
using ProfileService.Intake;
using ProfileService.Model;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>The door out: profiles of one user and of many.</summary>
internal static class LookupApi
{
    public static void MapLookup(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/{userId}/profile", GetProfile)
            .TakesShortWay(routes.ServiceProvider)
            .WithTags("Profiles")
            .WithMetadata(ProfileHeaders.OfAProfile)
            .Produces<ProfileResponse>(StatusCodes.Status200OK, BatchDoor.Json, BinaryProfiles.ContentType)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound);

        routes.MapPost("/profiles/lookup", LookupProfiles)
            .RefusesEarly(routes.ServiceProvider.GetRequiredService<ReadLimits>().Early)
            .WithTags("Profiles")
            .WithMetadata(ProfileHeaders.OfALookup)
            .TakesObject<LookupRequest>()
            .Produces<LookupResponse>(StatusCodes.Status200OK, BatchDoor.Json, BinaryProfiles.ContentType);
    }

    /// <summary>Gets a user's profile</summary>
    /// <remarks>
    /// The profile vector, the readable dimensions, and how far both are behind the user's events.
    /// With <c>Accept: application/octet-stream</c> the answer is the vector as raw little-endian float32, with the rest in
    /// <c>X-Profile-*</c> headers. A request with the <c>ETag</c> of an earlier answer in <c>If-None-Match</c> is answered 304 while the
    /// profile is unchanged. 503 with code <c>not_computed</c> while a new user's first profile is computed.
    /// </remarks>
    /// <param name="fresh">Whether to refresh the profile first if events are pending; waits for at most Lookup:FreshTimeout, 1 s by default.</param>
    /// <param name="include">The parts of the profile to answer with; vector and dimensions if left out.</param>
    /// <response code="200">The profile.</response>
    /// <response code="304">The profile is the one that If-None-Match names.</response>
    private static async Task<Results<ProfileAnswer, Ok<ProfileResponse>, NotModified, ProblemHttpResult>> GetProfile(
        string userId, HttpContext context, ProfileReader profiles, ProfileJson json, Explainer explainer, ReadLimits limits, TimeProvider time,
        bool fresh = false, [OneOf("vector", "dimensions", "explanation")] string? include = null)
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

    /// <summary>Gets the profiles of many users</summary>
    /// <remarks>
    /// Profiles in the order asked, and the ids that have none. With <c>Accept: application/octet-stream</c> the answer is a float32
    /// matrix [users, dimension] in the order asked, in which the row of a user without a profile is all NaN. While a store is
    /// unreachable, known profiles are answered as stale, and the other ids are listed as unavailable.
    /// </remarks>
    /// <response code="200">The profiles.</response>
    private static async Task<Results<ProfilesAnswer, ProfileMatrix, ProblemHttpResult>> LookupProfiles(
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

/// <summary>The users whose profiles are asked for.</summary>
/// <param name="UserIds">Up to Lookup:MaxUsers ids, 1,000 by default; repeated ids are answered as often as they are asked for.</param>
internal sealed record LookupRequest([Id] IReadOnlyList<string> UserIds);

/// <summary>The profiles of many users.</summary>
/// <param name="Profiles">Those found, in the order asked.</param>
/// <param name="Missing">Ids without a profile.</param>
/// <param name="Unavailable">Ids whose profiles cannot be read while a store is unreachable; left out if there are none.</param>
internal sealed record LookupResponse(
    IReadOnlyList<ProfileResponse> Profiles, [Id] IReadOnlyList<string> Missing, [Id] IReadOnlyList<string>? Unavailable = null);
