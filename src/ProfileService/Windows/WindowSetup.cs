using Microsoft.Extensions.Options;
using ProfileService.Hosting;

namespace ProfileService.Windows;

internal static class WindowSetup
{
    public static WebApplicationBuilder AddWindows(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<WindowOptions>("Windows");
        builder.Services.AddSingleton<IWindowStore>(services => new SqliteWindowStore(
            services.GetRequiredService<IOptions<DataOptions>>().Value.File("windows.db"),
            services.GetRequiredService<IOptions<WindowOptions>>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SqliteWindowStore>>()));
        builder.Services.AddHostedService<IdleWindowSweeper>();
        return builder;
    }
}
