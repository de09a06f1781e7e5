using ProfileService.Aggregates;
using ProfileService.Attribution;
using ProfileService.Audit;
using ProfileService.Auth;
using ProfileService.Events;
using ProfileService.Items;
using ProfileService.Kafka;
using ProfileService.Lookup;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Privacy.Merging;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Refresh;
using ProfileService.Sentiment;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Windows;
using ProfileService.Windows.Redis;

namespace ProfileService.Host;

/// <summary>
/// The order in which hosted services start. Each one starts after the previous one has started; a failure stops the start.
/// A <c>…Start</c> runs once; a <c>…Worker</c> runs until the stop. The stop follows the drain and takes the reverse order.
/// Settings are checked and model packages verified before (<see cref="ServiceRun"/>); ASP.NET Core opens the endpoints afterwards.
/// </summary>
internal static class StartOrder
{
    /// <summary>Services that are not registered, because the settings do not need them, are skipped.</summary>
    public static void AddStartOrder(this IServiceCollection services) => services
        // The process: signals are handled, and health checks report "starting".
        .AddNext<Listening>()
        .AddNext<ManagementServer>()
        .AddNext<Drain>()

        // The stores: schema and files, whose they are, who was erased, and what whose data may be used for.
        .AddNext<RedisStart>()
        .AddNext<SchemaStart>()
        .AddNext<RedisOwnerWorker>()
        .AddNext<DatabaseOwnerStart>()
        .AddNext<KeyWorker>()
        .AddNext<AuditWorker>()
        .AddNext<StoredPairStart>()
        .AddNext<PgvectorStart>()
        .AddNext<PrivacyStart>()
        .AddNext<PurposeWorker>()
        .AddNext<EventArchiveWorker>()

        // State in memory: the item catalogue, and the active model.
        .AddNext<CatalogueWorker>()
        .AddNext<RolloutWorker>()

        // Background work.
        .AddNext<IdleWindowWorker>()
        .AddNext<IdleUserWorker>()
        .AddNext<RefusedProfileWorker>()
        .AddNext<OldTextWorker>()
        .AddNext<LearnWorker>()
        .AddNext<PgvectorWorker>()
        .AddNext<RedisDueWorker>()
        .AddNext<ErasureWatchWorker>()
        .AddNext<AliasWorker>()
        .AddNext<MarkWorker>()
        .AddNext<FileRewriteWorker>()
        .AddNext<ErasureWorker>()
        .AddNext<RefreshWorker>()
        .AddNext<ReleaseWorker>()
        .AddNext<OutcomeWorker>()
        .AddNext<MemoryReleaseWorker>()
        .AddNext<KafkaWorker>()

        // The endpoints.
        .AddNext<RatingScaleStart>()
        .AddNext<WarmUpStart>();

    private static IServiceCollection AddNext<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.Any(s => s.ServiceType == typeof(T)) ? services.AddHostedService(provider => provider.GetRequiredService<T>()) : services;
}
