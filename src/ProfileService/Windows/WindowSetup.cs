using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Windows.Redis;
using ProfileService.Windows.Sqlite;

namespace ProfileService.Windows;

internal static class WindowSetup
{
    private const string Health = "windows";

    public static WebApplicationBuilder AddWindows(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<WindowOptions>();
        builder.Services.AddSingleton<WindowAppender>().AddSingleton<DueSignal>().AddSingleton<LateReleases>();
        if (builder.UsesRedis())
            builder.AddRedisWindows();
        else
            builder.Services.AddSqliteWindows();
        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddHostedService<IdleWindowSweeper>();
        return builder;
    }

    private static void AddRedisWindows(this WebApplicationBuilder builder)
    {
        builder.Services
            .AddSingleton(provider => new RedisPartitions(provider.GetRequiredService<IOptions<WindowOptions>>().Value.Partitions))
            .AddSingleton<DuePartitions>()
            .AddSingleton<FailingServers>()
            .AddAlteredWindows("Redis")
            .AddSingleton<RedisWindowStore>()
            .AddSingleton<IWindowStore>(provider => provider.GetRequiredService<RedisWindowStore>())
            .AddSingleton<RedisPartitionGuard>()
            .AddHostedService<RedisStart>()
            .AddSingleton<RedisWindowHealth>()
            .AddHealthChecks().AddCheck<RedisWindowHealth>(Health, tags: [HealthTag.Ready]);
        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddHostedService<RedisDueWatch>();
    }

    private static void AddSqliteWindows(this IServiceCollection services) => services
        .AddAlteredWindows("SQLite")
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<SqliteWindowStore>(
            provider, provider.GetRequiredService<StoredFiles>().File(StoredFiles.Windows)))
        .AddSingleton<IWindowStore>(provider => provider.GetRequiredService<SqliteWindowStore>())
        .AddSingleton<SqliteWindowHealth>()
        .AddHealthChecks().AddCheck<SqliteWindowHealth>(Health, tags: [HealthTag.Ready]);

    private static IServiceCollection AddAlteredWindows(this IServiceCollection services, string store) =>
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<AlteredWindows>(provider, store));
}
