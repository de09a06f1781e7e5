using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary><c>GET /v1/access</c>: who the caller is, and what it may do.</summary>
internal static class AccessApi
{
    public static void MapAccess(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/access", GetAccess).WithTags("Service").WithMetadata(new AnyCaller());

    /// <summary>Gets what the caller may do</summary>
    /// <remarks>How the service recognises its callers, who this one is to it, and the scopes that it has.</remarks>
    /// <response code="200">The caller's rights.</response>
    private static Ok<Access> GetAccess(HttpContext context, IOptions<AuthOptions> options) => TypedResults.Ok(
        options.Value.Mode == AuthMode.None
            ? new Access(nameof(AuthMode.None), null, Scopes.All)
            : new Access(
                $"{options.Value.Mode}",
                context.User.Identity?.Name,
                [.. Scopes.All.Where(context.User.Has)]));
}

/// <summary>What a caller may do.</summary>
/// <param name="Mode">How the service recognises its callers.</param>
/// <param name="Caller">Name of the API key, or of whom the token was issued to; left out if the service asks nobody.</param>
/// <param name="Scopes">The scopes that the caller has.</param>
internal sealed record Access(
    [OneOf("None", "Keys", "Oidc", "Both")] string Mode, string? Caller, IReadOnlyList<string> Scopes);
