using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Profiles of one user and of many.</summary>
internal static class LookupApi
{
    public static void MapLookup(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users/{userId}/profile", GetProfile)
            .WithMetadata(new ProcessServices(routes.ServiceProvider))
            .WithMetadata(new DisableRequestTimeoutAttribute()) // ProfileReader enforces the timeout, and only if it reads from a store
            .WithTags("Profiles")
            .RequiresScopes(Scopes.ProfilesRead)
            .RequiresScopeFor(ProfilePartNames.Explanation, Scopes.RawRead)
            .WithMetadata(ProfileHeaders.Profile)
            .Produces<UserProfile>(StatusCodes.Status200OK, ProfileFormat.Json, ProfileFormat.Bytes)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound);

        routes.MapPost("/profiles/lookup", LookupProfiles)
            .WithMetadata(new ProcessServices(routes.ServiceProvider))
            .RefusesEarly(routes.ServiceProvider.GetRequiredService<ReadLimits>().Early)
            .WithTags("Profiles")
            .RequiresScopes(Scopes.ProfilesRead)
            .WithMetadata(ProfileHeaders.Lookup)
            .TakesObject<LookupRequest>()
            .Produces<ProfileLookup>(StatusCodes.Status200OK, ProfileFormat.Json, ProfileFormat.Bytes);
    }

    /// <summary>Gets a user's profile</summary>
    /// <remarks>
    /// The profile vector, the readable dimensions, and how far both are behind the user's events.
    /// With <c>Accept: application/octet-stream</c> the answer is the vector as raw little-endian float32, with the rest in
    /// <c>X-Profile-*</c> headers; an <c>include</c> of more than the vector is then 400 with code <c>not_in_bytes</c>. A request with
    /// the <c>ETag</c> of an earlier answer in <c>If-None-Match</c> is answered 304 while the profile is unchanged; an answer with an
    /// explanation has none. 503 with code <c>not_computed</c> while a new user's first profile is computed.
    /// </remarks>
    /// <param name="fresh">
    /// Whether to refresh the profile first if events are pending; waits for at most Lookup:FreshTimeout, 1 s by default.
    /// </param>
    /// <param name="include">The parts of the profile to answer with; vector and dimensions if left out.</param>
    /// <response code="200">The profile.</response>
    /// <response code="304">The profile is the one that If-None-Match names.</response>
    private static ValueTask<Results<StreamedResult, NotModified, ProblemHttpResult>> GetProfile(
        string userId, HttpContext context, bool fresh = false, [SomeOf("vector", "dimensions", "explanation")] string? include = null) =>
        ProcessServices.Get<LookupHandler>(context).GetOneAsync(userId, context, fresh, include);

    /// <summary>Gets the profiles of many users</summary>
    /// <remarks>
    /// Profiles in the order asked, and the ids that have none. With <c>Accept: application/octet-stream</c> the answer is a float32
    /// matrix [users, dimension] in the order asked, in which the row of a user without a profile is all NaN. While a store is
    /// unreachable, known profiles are answered as stale, and the other ids are listed as unavailable.
    /// </remarks>
    /// <response code="200">The profiles.</response>
    private static Task<Results<StreamedResult, ProblemHttpResult>> LookupProfiles(
        HttpContext context, CancellationToken cancellationToken) =>
        ProcessServices.Get<LookupHandler>(context).GetManyAsync(context, cancellationToken);
}

/// <summary>The users whose profiles are asked for.</summary>
/// <param name="UserIds">Up to Lookup:MaxUsers ids, 1,000 by default; repeated ids are answered as often as they are asked for.</param>
internal sealed record LookupRequest([Id] IReadOnlyList<string> UserIds);

// For the description of the API; ProfileWriter writes it.
/// <summary>The profiles of many users.</summary>
/// <param name="Profiles">Those found, in the order asked.</param>
/// <param name="Missing">Ids without a profile.</param>
/// <param name="Unavailable">
/// Ids whose profiles cannot be read, because a store is unreachable, or cannot be computed, because the window was altered; left out
/// if there are none.
/// </param>
internal sealed record ProfileLookup(
    IReadOnlyList<UserProfile> Profiles, [Id] IReadOnlyList<string> Missing, [Id] IReadOnlyList<string>? Unavailable = null);
