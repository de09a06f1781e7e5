using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Redis;
using ProfileService.Windows.Sqlite;

namespace ProfileService.Tests.Windows;

/// <summary>Window stores as the service makes them, with a clock and settings of the test's own.</summary>
internal static class TestStores
{
    public static SqliteWindowStore Sqlite(string file, TimeProvider time, WindowOptions? options = null)
    {
        var settings = Options.Create(options ?? new WindowOptions());
        var altered = Altered("SQLite", Metrics(), time);
        return new SqliteWindowStore(file, new WindowAppender(settings, time, altered), altered, new DueSignal(time), Late(time), settings, time);
    }

    public static RedisWindowStore Redis(RedisConnection redis, TimeProvider time, WindowOptions? options = null)
    {
        var settings = Options.Create(options ?? new WindowOptions());
        var metrics = Metrics();
        var altered = Altered("Redis", metrics, time);
        var partitions = new RedisPartitions(settings.Value.Partitions);
        var due = new DuePartitions(partitions);
        return new RedisWindowStore(
            redis, partitions, new RedisPartitionGuard(redis, settings), new WindowAppender(settings, time, altered), altered, due, new FailingServers(redis, partitions, due, time), new DueSignal(time), Late(time), metrics, settings, time, NullLogger<RedisWindowStore>.Instance);
    }

    private static ProfileMetrics Metrics() => new ServiceCollection().AddMetrics().AddSingleton<ProfileMetrics>().BuildServiceProvider().GetRequiredService<ProfileMetrics>();

    private static AlteredWindows Altered(string store, ProfileMetrics metrics, TimeProvider time) => new(store, metrics, time, NullLogger<AlteredWindows>.Instance);

    private static LateReleases Late(TimeProvider time) => new(time, NullLogger<LateReleases>.Instance);
}
