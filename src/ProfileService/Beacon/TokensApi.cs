using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Beacon;

/// <summary><c>POST /v1/users/{userId}/tokens</c>: the shop's server makes a token for a page of one user.</summary>
internal static class TokensApi
{
    public static void MapTokens(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/users/{userId}/tokens", CreateToken)
            .WithTags("Events")
            .MayTakeObject<TokenRequest>()
            .RequiresScopes(Scopes.EventsWrite)
            .ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Makes a token for a page</summary>
    /// <remarks>
    /// With it a page can send events of this one user to <c>POST /v1/beacon</c>, and can do nothing else. Make it where the page is made,
    /// for the user who is signed in there; never give a page an API key. Nothing is stored. A token ends early if its user is erased, or
    /// becomes an alias of another one. An alias in the path stands for its person. 409 if <c>Cors:Origins</c> names no page.
    /// </remarks>
    /// <response code="200">The token.</response>
    private static async Task<Results<Ok<PageToken>, ProblemHttpResult>> CreateToken(
        string userId, HttpContext context, BatchEndpoint endpoint, PageTokens tokens, PageOrigins pages, IOptions<BeaconOptions> options)
    {
        if (EntityId.ProblemOf("userId", userId) is var (code, detail))
            return Problems.Bad(code, "userId", detail);
        if (!pages.IsAny)
            return Problems.Conflict(BeaconApi.Off, BeaconApi.OffDetail);
        var (request, refusal) = HasBody(context) ? await endpoint.ReadOneAsync<TokenRequest>(context, TokenRequest.Parse) : (null, null);
        return refusal is null
            ? TypedResults.Ok(tokens.Make(userId, request?.ExpiresInSeconds ?? (int)options.Value.TokenLifetime.TotalSeconds))
            : refusal;
    }

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };
}
