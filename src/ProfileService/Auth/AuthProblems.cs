using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;
using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>
/// Answers requests whose caller is not known with 401, and those whose caller lacks a scope with 403, with the header that RFC 6750
/// describes.
/// </summary>
internal sealed class AuthProblems(AuditedRequests audited) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Succeeded ? next(context) : RefuseAsync(context, authorizeResult);

    private async Task RefuseAsync(HttpContext context, PolicyAuthorizationResult result)
    {
        var problem = result.Challenged ? Unknown(context, (await context.AuthenticateAsync()).Failure) : Forbidden(context, result);
        audited.Add(context, problem.StatusCode);
        await problem.ExecuteAsync(context);
    }

    private static ProblemHttpResult Unknown(HttpContext context, Exception? reason)
    {
        var failure = FailureOf(reason);
        if (failure == AuthFailure.ProviderUnavailable)
            return Problems.Unavailable(context, failure.Message, failure.Code);
        context.Response.Headers.WWWAuthenticate = failure == AuthFailure.Missing ? "Bearer" : "Bearer error=\"invalid_token\"";
        return Problems.Of(StatusCodes.Status401Unauthorized, failure.Code, failure.Message);
    }

    private static AuthFailure FailureOf(Exception? failure) => failure switch
    {
        null => AuthFailure.Missing,
        AuthFailure own => own,
        SecurityTokenExpiredException => AuthFailure.Expired,
        _ => AuthFailure.Invalid,
    };

    private static ProblemHttpResult Forbidden(HttpContext context, PolicyAuthorizationResult result)
    {
        var missing = result.AuthorizationFailure?.FailedRequirements.OfType<ScopeRequirement>().ToList() ?? [];
        var scopes = string.Join(' ', missing.Select(requirement => requirement.Scope));
        context.Response.Headers[HeaderNames.WWWAuthenticate] = $"Bearer error=\"insufficient_scope\", scope=\"{scopes}\"";
        return Problems.Of(
            StatusCodes.Status403Forbidden,
            "scope_missing",
            missing.Count == 0
                ? "Nobody may use this address."
                : $"The API key or access token lacks {scopes}{Only(missing)}. Ask for one that has it; "
                    + "GET /v1/access says what this one may do.",
            more: [new("scopes", missing.Select(requirement => requirement.Scope))]);
    }

    private static string Only(List<ScopeRequirement> missing) =>
        missing is [{ Part: { } part }] ? $", which include={part} requires" : "";
}
