using Microsoft.AspNetCore.Http.HttpResults;

namespace ProfileService.Platform;

/// <summary>
/// Rules that every request must meet before its handler runs: the id in its path is valid, and its query contains only parameters that the
/// route knows, in UTF-8.
/// </summary>
internal static class RequestRules
{
    public static void UseRequestRules(this WebApplication app) =>
        app.Use((context, next) => RefusalOf(context) is { } refusal ? refusal.ExecuteAsync(context) : next(context));

    /// <summary>Returns the response to a request that breaks a rule, or null.</summary>
    public static ProblemHttpResult? RefusalOf(HttpContext context) =>
        RouteIds.Correct(context) ?? (context.Request.QueryString.HasValue ? RefusalOfQuery(context) : null);

    // Routes that are excluded from the description are pages for people. The framework's own responses, such as 405, have no
    // RouteEndpoint.
    private static ProblemHttpResult? RefusalOfQuery(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
            ? QueryRule.ProblemOf(endpoint, context.Request.Query) ?? QueryText.ProblemOf(context.Request.QueryString.Value!)
            : null;
}
