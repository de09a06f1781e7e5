using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ProfileService.Auth;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Beacon;

/// <summary>Decides whether a token lets a page's events in. Only a valid token counts for a limit, and for that of its own user.</summary>
internal sealed class TokenGate(
    UserAliases aliases,
    IWindowEraser marks,
    RateLimits limits,
    UserHash hashes,
    IOptions<BeaconOptions> options,
    TimeProvider time,
    AuditedRequests? audited = null)
{
    private const string Invalid =
        "token in the body is not one of this service for pages. Send it whole, as POST /v1/users/{userId}/tokens answered; API keys "
        + "and access tokens are not for pages.";

    private const string Ended = "token in the body has ended: have the page's server make a new one (POST /v1/users/{userId}/tokens).";

    /// <summary>The response to a request whose token does not let it in; null if it does.</summary>
    public async Task<ProblemHttpResult?> RefusalOfAsync(HttpContext context, TokenContent? token)
    {
        if (token is null)
            return Unproven(context, "token_invalid", Invalid);
        if (token.ExpiresAt <= time.GetUtcNow().UtcDateTime || await IsWithdrawnAsync(token, context.RequestAborted))
            return Unproven(context, "token_expired", Ended);
        var rates = new CallerRates($"page:{hashes.Of(token.UserId)}", options.Value.RequestsPerSecond, Events: 0, Users: 0);
        return await limits.TakeRequestAsync(rates, context.RequestAborted) is { } wait
            ? RateLimitSetup.Refused(context, wait, rates.Requests, "requests")
            : null;
    }

    // Tokens are made for persons. One whose user is an alias is of before a merge: what it allowed was not to write for that person.
    private async ValueTask<bool> IsWithdrawnAsync(TokenContent token, CancellationToken cancellationToken) =>
        aliases.Find(token.UserId) is not null
        || (await marks.FindMarkAsync(token.UserId, cancellationToken))?.ErasedBefore >= token.MadeAt;

    private ProblemHttpResult Unproven(HttpContext context, string code, string detail)
    {
        audited?.AddUnseen(context, StatusCodes.Status401Unauthorized);
        context.Response.Headers[HeaderNames.WWWAuthenticate] = "PageToken";
        return Problems.Of(StatusCodes.Status401Unauthorized, code, detail, "token");
    }
}
