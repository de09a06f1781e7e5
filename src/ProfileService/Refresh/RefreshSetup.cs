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
            .AddSingleton<ProfileRefresher>();
        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddHostedService<RefreshWorker>();
        builder.Services.AddHealthChecks().AddCheck<RefreshHealth>("refresh", tags: [HealthApi.Ready]);
        return builder;
    }
}
