namespace ProfileService.Platform;

/// <summary>
/// Gives handlers of frequently used routes access to singletons. A service that is a parameter of a handler comes from the request's
/// scope, and creating that scope is expensive.
/// </summary>
internal sealed class ProcessServices(IServiceProvider services)
{
    private readonly IServiceProvider _services = services;

    /// <summary>Gets a singleton. The route must have this object as metadata.</summary>
    public static T Get<T>(HttpContext context)
        where T : notnull =>
        context.GetEndpoint()!.Metadata.GetRequiredMetadata<ProcessServices>()._services.GetRequiredService<T>();
}
