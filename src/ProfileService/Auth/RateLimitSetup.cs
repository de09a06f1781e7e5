using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using ProfileService.Platform;

namespace ProfileService.Auth;

/// <summary>Answers callers that ask for more than they may with 429 and Retry-After.</summary>
internal static class RateLimitSetup
{
    private const string UserId = "userId";

    /// <summary>Counts each request, and the user of a route that has one. Must follow the authentication.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RateLimits>();
        return app.Use(next => async context =>
        {
            if (context.User is Caller { Rates: { } rates } && await RefusalAsync(limits, rates, context) is { } refusal)
            {
                await refusal.ExecuteAsync(context);
                return;
            }

            await next(context);
        });
    }

    /// <summary>Writes the refusal down and returns it.</summary>
    public static ProblemHttpResult Refused(HttpContext context, TimeSpan wait, int perSecond, string what)
    {
        context.RequestServices.GetService<AuditedRequests>()?.Add(context, StatusCodes.Status429TooManyRequests);
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(
            StatusCodes.Status429TooManyRequests,
            "rate_limited",
            $"This caller may have {perSecond:N0} {what} a second, and has had them. "
            + "Nothing of this request was done; try again after Retry-After.");
    }

    /// <summary>Counts the users of a request that looks up many; returns the refusal of a caller that has had its own.</summary>
    public static async ValueTask<ProblemHttpResult?> RefusalOfUsersAsync(HttpContext context, RateLimits limits, int users) =>
        context.User is Caller { Rates: { Users: > 0 } rates }
        && await limits.TakeUsersAsync(rates, users, context.RequestAborted) is { } wait
            ? Refused(context, wait, rates.Users, "users looked up")
            : null;

    private static async ValueTask<ProblemHttpResult?> RefusalAsync(RateLimits limits, CallerRates rates, HttpContext context)
    {
        if (!IsCounted(context) && await limits.TakeRequestAsync(rates, context.RequestAborted) is { } wait)
            return Refused(context, wait, rates.Requests, "requests");
        return ReadsAUser(context) && await limits.TakeUsersAsync(rates, 1, context.RequestAborted) is { } longer
            ? Refused(context, longer, rates.Users, "users looked up")
            : null;
    }

    private static bool IsCounted(HttpContext context) => context.Features.Get<CountedRequest>() is not null;

    private static bool ReadsAUser(HttpContext context) =>
        context.Request.RouteValues.ContainsKey(UserId) && (HttpMethods.IsGet(context.Request.Method) || ReadsProfiles(context));

    private static bool ReadsProfiles(HttpContext context)
    {
        foreach (var scope in context.GetEndpoint()?.Metadata.GetOrderedMetadata<ScopeRequirement>() ?? [])
        {
            if (scope.Scope is Scopes.ProfilesRead or Scopes.RawRead && scope.AppliesTo(context.Request))
                return true;
        }

        return false;
    }
}
