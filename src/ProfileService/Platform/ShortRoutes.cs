namespace ProfileService.Platform;

/// <summary>A short way through the service for requests that take less time than what usually stands around one.</summary>
internal static class ShortRoutes
{
    /// <summary>
    /// Answers as soon as the route is known, within the exception handler and nothing else: the handler must keep to
    /// <see cref="HostingOptions.RequestTimeout"/> itself. Its services are those of the process, for a scope would be made and ended with each request.
    /// </summary>
    public static RouteHandlerBuilder TakesShortWay(this RouteHandlerBuilder route, IServiceProvider singletons)
    {
        route.ShortCircuit();
        route.Finally(endpoint =>
        {
            var answer = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                context.RequestServices = singletons;
                return RequestRules.RefusalOf(context) is { } refusal ? refusal.ExecuteAsync(context) : answer(context);
            };
        });
        return route;
    }
}
