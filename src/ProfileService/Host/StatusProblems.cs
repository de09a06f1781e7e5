using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Writes the problem of a response that has only a status, such as 404 for an unknown address, or 405. The framework's middleware for
/// this, UseStatusCodePages, allocates 250 bytes per request.
/// </summary>
internal static class StatusProblems
{
    public static void UseStatusProblems(this WebApplication app) => app.Use(next => async context =>
    {
        await next(context);
        if (HasOnlyAStatus(context.Response))
            await Problems.OfStatus(context.Response.StatusCode).ExecuteAsync(context);
    });

    private static bool HasOnlyAStatus(HttpResponse response) =>
        response is { StatusCode: >= StatusCodes.Status400BadRequest, HasStarted: false, ContentLength: null, ContentType: null };
}
