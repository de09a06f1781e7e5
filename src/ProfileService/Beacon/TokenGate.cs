using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using ProfileService.Auth;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Windows;

namespace ProfileService.Beacon;

/// <summary>
/// Decides whether a token lets a page's events in. Requests with a token that this service made, and that has not expired, count against a
/// limit, that of its user, before the stores are asked whether it was withdrawn.
/// </summary>
internal sealed class TokenGate(
    UserAliases aliases,
    IErasureMarks marks,
    Ledger ledger,
    RateLimits limits,
    UserHash hashes,
    IOptions<BeaconOptions> options,
    TimeProvider time,
    AuditedRequests? audited = null)
{
    private const string Invalid =
        "token in the body is not a page token of this service. Send it whole, as POST /v1/users/{userId}/tokens answered; API keys and "
        + "access tokens are not for pages.";

    private const string Ended =
        "token in the body has expired or was withdrawn: have the page's server make a new one (POST /v1/users/{userId}/tokens).";

    /// <summary>The response to a request whose token does not let it in; null if it does.</summary>
    public async Task<ProblemHttpResult?> RefusalOfAsync(HttpContext context, TokenContent? token)
    {
        if (token is null)
            return Unproven(context, "token_invalid", Invalid);
        if (token.ExpiresAt <= time.GetUtcNow().UtcDateTime)
            return Unproven(context, "token_expired", Ended);
        var rates = new CallerRates($"page:{hashes.Of(token.UserId)}", options.Value.RequestsPerSecond, Events: 0, Users: 0);
        if (await limits.TakeRequestAsync(rates, context.RequestAborted) is { } wait)
            return RateLimitSetup.Refused(context, wait, rates.Requests, "requests");
        return await IsWithdrawnAsync(token, context.RequestAborted) ? Unproven(context, "token_expired", Ended) : null;
    }

    // A token is made for a person. If its user is an alias now, it is older than the merge, and must not write for the merged person.
    private async ValueTask<bool> IsWithdrawnAsync(TokenContent token, CancellationToken cancellationToken)
    {
        if (aliases.Find(token.UserId) is not null)
            return true;
        if (await marks.FindAsync(token.UserId, cancellationToken) is not { } mark || mark.ErasedBefore < token.MadeAt)
            return false;
        // The mark reaches beyond the erasure if an event was ahead of the clock. The ledger has when the erasure was, once it is entered.
        var entered = await ledger.FindAsync([token.UserId], cancellationToken);
        return !entered.TryGetValue(token.UserId, out var erased)
            || (mark.Order != erased.Order && mark.Order != ErasureMark.Unreviewed)
            || EventTime.FromUtc(erased.ErasedAt) >= token.MadeAt;
    }

    private ProblemHttpResult Unproven(HttpContext context, string code, string detail)
    {
        audited?.AddUnseen(context, StatusCodes.Status401Unauthorized);
        context.Response.Headers[HeaderNames.WWWAuthenticate] = "PageToken";
        return Problems.Of(StatusCodes.Status401Unauthorized, code, detail, "token");
    }
}
