using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Writes the problem of an answer that has only a status, such as 404 of an address that does not exist, or 405. The framework's middleware for
/// it, UseStatusCodePages, allocates 250 bytes in each request, whatever its answer.
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
