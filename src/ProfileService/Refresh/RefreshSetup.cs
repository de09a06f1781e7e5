using ProfileService.Hosting;

namespace ProfileService.Refresh;

internal static class RefreshSetup
{
    public static WebApplicationBuilder AddRefresh(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<RefreshOptions>("Refresh");
        builder.Services
            .AddSingleton<RefreshHealth>()
            .AddSingleton<ProfileRefresher>()
            .AddHostedService<RefreshWorker>();
        builder.Services.AddHealthChecks().AddCheck<RefreshHealth>("refresh", tags: [HealthApi.Ready]);
        return builder;
    }
}
