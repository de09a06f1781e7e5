using ProfileService.Hosting;
using ProfileService.Settings;

namespace ProfileService.Refresh;

internal static class RefreshSetup
{
    public static WebApplicationBuilder AddRefresh(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<RefreshOptions>();
        builder.Services
            .AddSingleton<RefreshHealth>()
            .AddSingleton<ProfileRefresher>()
            .AddHostedService(services => ActivatorUtilities.CreateInstance<ModelActivation>(services, builder.UsesPostgres() || builder.UsesRedis()));
        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddHostedService<RefreshWorker>();
        builder.Services.AddHealthChecks()
            .AddCheck<ModelHealth>("model", tags: [HealthApi.Ready])
            .AddCheck<RefreshHealth>("refresh", tags: [HealthApi.Ready]);
        return builder;
    }
}
