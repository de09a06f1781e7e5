using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Platform.Settings;
using ProfileService.Windows.Redis;
using ProfileService.Windows.Redis.Append;
using ProfileService.Windows.Redis.Due;
using ProfileService.Windows.Redis.Erase;
using ProfileService.Windows.Redis.Layout;
using ProfileService.Windows.Redis.Read;
using ProfileService.Windows.Sqlite;

namespace ProfileService.Windows;

internal static class WindowSetup
{
    private const string Health = "windows";

    public static WebApplicationBuilder AddWindows(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<WindowOptions>()
            .Validate(
                o => o.TextTtl == TimeSpan.Zero || o.TextTtl >= TimeSpan.FromHours(1), "Windows:TextTtl must be 0, or at least one hour.");
        if (builder.UsesRedis())
            builder.AddRedisWindows();
        else
            builder.AddSqliteWindows();
        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddSingleton<IdleWindowWorker>();
        return builder;
    }

    /// <summary>Windows and due queue on the <see cref="RedisConnection"/>.</summary>
    public static IServiceCollection AddRedisWindows(this IServiceCollection services) => services
        .AddCommon("Redis")
        .AddSingleton(provider => new RedisPartitions(provider.GetRequiredService<IOptions<WindowOptions>>().Value.Partitions))
        .AddSingleton<RedisPartitionGuard>()
        .AddSingleton<RedisWindowKeys>()
        .AddSingleton<RedisWindowReader>().AddSingleton<RedisSeenItems>().AddSingleton<RedisRevisions>().AddSingleton<RedisWindowScan>()
        .AddSingleton<DuePartitions>().AddSingleton<FailingServers>().AddSingleton<RedisDueUsers>().AddSingleton<RedisClaimer>()
        .AddSingleton<RedisCommitter>().AddSingleton<RedisAppender>()
        .AddSingleton<RedisMarks>().AddSingleton<IErasureMarks, RedisErasureMarks>().AddSingleton<IWindowEraser, RedisWindowEraser>()
        .AddSingleton<RedisIdleWindows>().AddSingleton<RedisTextRemover>().AddSingleton<IAliasWindows, RedisAliasWindows>()
        .AddWindowStore<RedisWindowStore>()
        .AddSingleton<IDueQueue, RedisDueQueue>();

    /// <summary>Windows and due queue in a SQLite file.</summary>
    public static IServiceCollection AddSqliteWindows(this IServiceCollection services, Func<IServiceProvider, string> file) => services
        .AddCommon("SQLite")
        .AddSingleton(provider => new SqliteWindowFile(file(provider)))
        .AddSingleton<SqliteWindowRows>().AddSingleton<SqliteSeenItems>()
        .AddSingleton<SqliteMarks>().AddSingleton<IErasureMarks, SqliteErasureMarks>().AddSingleton<IWindowEraser, SqliteWindowEraser>()
        .AddSingleton<IAliasWindows, SqliteAliasWindows>()
        .AddWindowStore<SqliteWindowStore>()
        .AddSingleton<IDueQueue, SqliteDueQueue>();

    /// <summary>What the stores of windows and of profiles share: the counter of changes, and who was erased.</summary>
    public static IServiceCollection AddUserChanges(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<UserChanges>();
        services.TryAddSingleton<UserHash>();
        services.TryAddSingleton<ErasedUsers>();
        services.TryAddSingleton<UserAliases>();
        return services;
    }

    private static IServiceCollection AddWindowStore<T>(this IServiceCollection services)
        where T : class, IWindowStore => services
        .AddUserChanges()
        .AddSingleton<T>()
        .AddSingleton<IWindowStore>(provider => ActivatorUtilities.CreateInstance<CountedWindowStore>(
            provider, provider.GetRequiredService<T>()));

    /// <param name="store">Name of the store in the log and the metrics.</param>
    private static IServiceCollection AddCommon(this IServiceCollection services, string store) => services
        .AddSingleton<WindowAppender>()
        .AddSingleton<WindowScan>()
        .AddSingleton<WindowMover>()
        .AddSingleton<MisplacedWindows>()
        .AddSingleton<DueSignal>()
        .AddSingleton<LateReleases>()
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<AlteredWindows>(provider, store));

    private static void AddRedisWindows(this WebApplicationBuilder builder)
    {
        builder.Services.AddRedisWindows()
            .AddSingleton<RedisStart>()
            .AddSingleton<RedisWindowHealth>()
            .AddHealthChecks().AddCheck<RedisWindowHealth>(Health, tags: [HealthTag.Ready]);
        if (!builder.UsesPostgres())
        {
            builder.Services.AddSingleton<RedisOwner>().AddSingleton<RedisOwnerWorker>()
                .AddHealthChecks().AddCheck<RedisOwner>("owner", tags: [HealthTag.Ready]);
        }

        if (builder.Configuration.Does(HostingRole.Refresh))
            builder.Services.AddSingleton<RedisDueWorker>();
    }

    private static void AddSqliteWindows(this WebApplicationBuilder builder) =>
        builder.Services.AddSqliteWindows(provider => provider.GetRequiredService<StoredFiles>().File(StoredFiles.Windows))
            .AddSingleton<SqliteWindowHealth>()
            .AddHealthChecks().AddCheck<SqliteWindowHealth>(Health, tags: [HealthTag.Ready]);
}
