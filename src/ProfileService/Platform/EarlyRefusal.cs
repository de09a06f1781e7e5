namespace ProfileService.Platform;

/// <summary>
/// Refuses requests of a route before their bodies are read while the route's limit is exhausted. If the load is a multiple of the
/// capacity, most requests are refused; therefore a refusal must be cheap.
/// </summary>
/// <param name="freeBytes">Bodies of up to this many bytes are always read.</param>
internal sealed class EarlyRefusal(Func<bool> isFull, string detail, int freeBytes = 0)
{
    // Larger bodies are left to their reader: the server would close the connection while the client still sends, and the client would not
    // see the response.
    private const int LargestUnread = 1 << 20;

    private readonly OverloadAnswer _answer = new(detail);

    public bool Refuses(HttpRequest request) =>
        request.ContentLength is { } length && length > freeBytes && length <= LargestUnread && isFull();

    public Task AnswerAsync(HttpContext context) => _answer.WriteAsync(context);
}

internal static class EarlyRefusalSetup
{
    public static TRoute RefusesEarly<TRoute>(this TRoute route, EarlyRefusal refusal)
        where TRoute : IEndpointConventionBuilder => route.WithMetadata(refusal);

    /// <summary>Must follow the routing.</summary>
    public static void UseEarlyRefusal(this IApplicationBuilder app) =>
        app.Use(next => context =>
            context.GetEndpoint()?.Metadata.GetMetadata<EarlyRefusal>() is { } early && early.Refuses(context.Request)
                ? early.AnswerAsync(context)
                : next(context));
}
