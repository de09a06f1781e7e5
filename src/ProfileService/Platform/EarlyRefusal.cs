namespace ProfileService.Platform;

/// <summary>
/// Refuses the requests of a route before their bodies are read, while its limit is full. At a multiple of the capacity refusals are most of the work,
/// and each must cost little.
/// </summary>
/// <param name="freeBytes">Bodies of so many bytes are read in any case.</param>
internal sealed class EarlyRefusal(Func<bool> isFull, string detail, int freeBytes = 0)
{
    // What is larger goes on to its reader: the server would break the connection off while the client still sends, and the client not see the answer.
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

    /// <summary>Stands as soon as the route is known.</summary>
    public static void UseEarlyRefusal(this IApplicationBuilder app) =>
        app.Use(next => context =>
            context.GetEndpoint()?.Metadata.GetMetadata<EarlyRefusal>() is { } early && early.Refuses(context.Request)
                ? early.AnswerAsync(context)
                : next(context));
}
