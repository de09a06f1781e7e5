using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Declares the body that a route accepts, and the errors that reading it may cause.</summary>
internal static class BodyRoutes
{
    private static readonly ApiHeader ContentEncoding = new(
        "Content-Encoding", "gzip if the body is compressed; left out otherwise.", typeof(string));

    /// <summary>Declares a body of one JSON object.</summary>
    public static RouteHandlerBuilder TakesObject<T>(this RouteHandlerBuilder route)
        where T : notnull => route.Accepts<T>(BatchEndpoint.Json).TakesBody();

    /// <summary>Declares a body of one JSON object that may be left out.</summary>
    public static RouteHandlerBuilder MayTakeObject<T>(this RouteHandlerBuilder route)
        where T : notnull => route.Accepts<T>(isOptional: true, BatchEndpoint.Json).TakesBody();

    /// <summary>
    /// Declares a body of one JSON object that is stored. It is refused unread while too many requests wait.
    /// </summary>
    /// <param name="other">Another media type under which the object may come.</param>
    public static RouteHandlerBuilder TakesObject<T>(this RouteHandlerBuilder route, IServiceProvider services, string other)
        where T : notnull => route
            .Accepts<T>(BatchEndpoint.Json, other)
            .TakesBody()
            .RefusesEarly(services.GetRequiredService<IngestLimits>().Early);

    /// <summary>Declares a body of one JSON Merge Patch.</summary>
    public static RouteHandlerBuilder TakesPatch<T>(this RouteHandlerBuilder route)
        where T : notnull => route.Accepts<T>(BatchEndpoint.MergePatch, BatchEndpoint.Json).TakesBody();

    /// <summary>Declares a body of one JSON object, or a stream with another object per line.</summary>
    public static RouteHandlerBuilder TakesObjectOrLines<TObject, TLine>(this RouteHandlerBuilder route)
        where TObject : notnull => route
            .Accepts<TObject>(BatchEndpoint.Json, BatchEndpoint.Ndjson)
            .WithMetadata(new BodyLine(typeof(TLine)))
            .TakesBody();

    /// <summary>
    /// Declares a body of one JSON object, an array of objects, or a stream with one object per line. It is refused unread while too many
    /// requests wait.
    /// </summary>
    /// <param name="others">Media types of other forms of such a body, see <see cref="BodySchema"/>.</param>
    public static RouteHandlerBuilder TakesBatch<T>(this RouteHandlerBuilder route, IServiceProvider services, params string[] others)
        where T : notnull => route
            .Accepts<T>(BatchEndpoint.Json, [BatchEndpoint.Ndjson, .. others])
            .TakesBody()
            .RefusesEarly(services.GetRequiredService<IngestLimits>().Early);

    private static RouteHandlerBuilder TakesBody(this RouteHandlerBuilder route) => route
        .WithMetadata(ContentEncoding)
        .ProducesProblem(StatusCodes.Status408RequestTimeout)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
}
