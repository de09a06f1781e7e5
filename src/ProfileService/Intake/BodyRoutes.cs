using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>What routes that read a body take, and the errors that come with it.</summary>
internal static class BodyRoutes
{
    private static readonly ApiHeader Encoding = new(
        "Content-Encoding", "gzip if the body is compressed; left out otherwise.", typeof(string));

    /// <summary>One JSON object.</summary>
    public static RouteHandlerBuilder TakesObject<T>(this RouteHandlerBuilder route)
        where T : notnull => route.Accepts<T>(BatchDoor.Json).TakesBody();

    /// <summary>One JSON object, an array of them, or a stream with one on each line. It is refused unread while too much waits.</summary>
    public static RouteHandlerBuilder TakesBatch<T>(this RouteHandlerBuilder route, IServiceProvider services)
        where T : notnull => route
            .Accepts<T>(BatchDoor.Json, BatchDoor.Ndjson)
            .TakesBody()
            .RefusesEarly(services.GetRequiredService<IngestLimits>().Early);

    private static RouteHandlerBuilder TakesBody(this RouteHandlerBuilder route) => route
        .WithMetadata(Encoding)
        .ProducesProblem(StatusCodes.Status408RequestTimeout)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
}
