namespace ProfileService.Platform;

/// <summary>
/// Services of the process for the handler of a route that is asked very often. A service that is a parameter of the handler comes from the
/// request's scope, and the first one has that scope made.
/// </summary>
internal sealed class ProcessServices(IServiceProvider services)
{
    private readonly IServiceProvider _services = services;

    /// <summary>A singleton, in a route that has this as metadata.</summary>
    public static T Get<T>(HttpContext context)
        where T : notnull =>
        context.GetEndpoint()!.Metadata.GetRequiredMetadata<ProcessServices>()._services.GetRequiredService<T>();
}
