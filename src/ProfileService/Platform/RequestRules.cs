using Microsoft.AspNetCore.Http.HttpResults;

namespace ProfileService.Platform;

/// <summary>
/// What holds for every request to a door, before its handler sees it: the id in its path can be read, and its query has nothing that the
/// door does not know.
/// </summary>
internal static class RequestRules
{
    public static void UseRequestRules(this WebApplication app) =>
        app.Use((context, next) => RefusalOf(context) is { } refusal ? refusal.ExecuteAsync(context) : next(context));

    /// <summary>The reply to a request that breaks a rule, or null.</summary>
    public static ProblemHttpResult? RefusalOf(HttpContext context) =>
        RouteIds.Correct(context) ?? (context.Request.QueryString.HasValue ? RefusalOfQuery(context) : null);

    // Left out of the description are pages, which are for people; no route are the replies of the framework's own, such as 405.
    private static ProblemHttpResult? RefusalOfQuery(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
            ? QueryRule.ProblemOf(endpoint, context.Request.Query)
            : null;
}
