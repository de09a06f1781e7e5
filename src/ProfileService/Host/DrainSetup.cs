using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Host;

/// <summary>Connects host and server with the drain.</summary>
internal static class DrainSetup
{
    private static readonly TimeSpan TimeForOpenRequests = TimeSpan.FromSeconds(30);

    public static void AddDrain(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Drain>().AddSingleton<StopClock>();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEndpointDefaults(e => e.Use(kestrel.ApplicationServices.GetRequiredService<StopClock>().Follow)));

        // The host reads its own options before those of the service are checked.
        var drainFor = builder.Configuration.Read<HostingOptions>().DrainFor;
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drainFor.Duration() + TimeForOpenRequests);
    }

    /// <summary>During the drain, each response tells its client to close the connection.</summary>
    public static void UseDrain(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<Drain>();
        app.Use(next => context =>
        {
            if (drain.HasBegun)
                ConnectionClose.Ask(context);
            return next(context);
        });
    }
}
