using ProfileService.Platform;
using ProfileService.Platform.Settings;

namespace ProfileService.Refresh;

internal static class RefreshSetup
{
    public static WebApplicationBuilder AddRefresh(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<RefreshOptions>();
        builder.Services
            .AddSingleton<RefreshHealth>()
            .AddSingleton<ProfileComputer>()
            .AddSingleton<ProfileRefresher>()
            .AddSingleton(services => ActivatorUtilities.CreateInstance<RolloutWorker>(
                services, builder.UsesPostgres() || builder.UsesRedis()));
        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddSingleton<RefreshWorker>();
        builder.Services.AddHealthChecks()
            .AddCheck<ModelHealth>("model", tags: [HealthTag.Ready])
            .AddCheck<RefreshHealth>("refresh", tags: [HealthTag.Ready]);
        return builder;
    }
}
