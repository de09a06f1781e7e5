using ProfileService.Events;
using ProfileService.Items;
using ProfileService.Lookup;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Windows;
using ProfileService.Windows.Redis;

namespace ProfileService.Host;

/// <summary>
/// The order of start. Each part has started before the next begins, and one that fails stops the start. A <c>…Start</c> is done once; a
/// <c>…Worker</c> goes on until the stop, which takes the reverse order, after the drain. Before all of it the settings are checked and the model
/// packages proved (<see cref="ServiceRun"/>); after all of it ASP.NET Core opens the endpoints.
/// </summary>
internal static class StartOrder
{
    /// <summary>Parts that the settings leave out are not registered, and passed over.</summary>
    public static void AddStartOrder(this IServiceCollection services) => services
        // The process: signals are heard, and health answers "starting".
        .AddNext<Listening>()
        .AddNext<ManagementServer>()
        .AddNext<Drain>()

        // The stores: schema and files.
        .AddNext<RedisStart>()
        .AddNext<SchemaStart>()
        .AddNext<StoredPairStart>()
        .AddNext<PgvectorStart>()
        .AddNext<EventArchiveWorker>()

        // What the process keeps in memory of them: the catalogue, and which model is active.
        .AddNext<CatalogueWorker>()
        .AddNext<RolloutWorker>()

        // The work on them.
        .AddNext<IdleWindowWorker>()
        .AddNext<PgvectorWorker>()
        .AddNext<RedisDueWorker>()
        .AddNext<RefreshWorker>()
        .AddNext<MemoryReleaseWorker>()

        // The endpoints.
        .AddNext<WarmUpStart>();

    private static IServiceCollection AddNext<T>(this IServiceCollection services)
        where T : class, IHostedService =>
        services.Any(s => s.ServiceType == typeof(T)) ? services.AddHostedService(provider => provider.GetRequiredService<T>()) : services;
}
