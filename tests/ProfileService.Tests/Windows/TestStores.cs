using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Redis;
using ProfileService.Windows.Sqlite;

namespace ProfileService.Tests.Windows;

/// <summary>Windows and due queue as the service makes them, with a clock and settings of the test's own.</summary>
internal sealed class TestStores : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly IDisposable? _owned;

    private TestStores(TimeProvider time, WindowOptions? options, Action<IServiceCollection> add, IDisposable? owned = null)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<ProfileMetrics>().AddSingleton(time)
            .AddSingleton(Options.Create(options ?? new WindowOptions()));
        add(services);
        (_services, _owned) = (services.BuildServiceProvider(), owned);
        (Windows, Queue) = (_services.GetRequiredService<IWindowStore>(), _services.GetRequiredService<IDueQueue>());
    }

    public IWindowStore Windows { get; }

    public IDueQueue Queue { get; }

    /// <summary>Erases from these windows, under a key of the tests.</summary>
    public IWindowEraser Eraser => WithKey<IWindowEraser>();

    /// <summary>The marks of these windows, under a key of the tests.</summary>
    public IErasureMarks Marks => WithKey<IErasureMarks>();

    /// <summary>The file of windows in SQLite.</summary>
    public SqliteWindowFile File => _services.GetRequiredService<SqliteWindowFile>();

    public UserAliases Aliases => _services.GetRequiredService<UserAliases>();

    public WindowMover Mover => _services.GetRequiredService<WindowMover>();

    public IAliasWindows AliasWindows => _services.GetRequiredService<IAliasWindows>();

    /// <summary>What is counted of changes through these windows.</summary>
    public UserChanges Changes => _services.GetRequiredService<UserChanges>();

    public static TestStores Sqlite(string file, TimeProvider time, WindowOptions? options = null) =>
        new(time, options, services => services.AddSqliteWindows(_ => file));

    public static TestStores Redis(RedisConnection redis, TimeProvider time, WindowOptions? options = null) =>
        new(time, options, services => services.AddSingleton(redis).AddRedisWindows());

    /// <summary>As where profiles are in SQLite: only the owner may claim.</summary>
    public static TestStores OwnedRedis(RedisConnection redis, TimeProvider time, RedisOwner owner) =>
        new(time, null, services => services.AddSingleton(redis).AddSingleton(owner).AddRedisWindows());

    /// <summary>In a file of their own.</summary>
    public static TestStores OnFile(TimeProvider time, WindowOptions options)
    {
        var directory = new TempDirectory();
        return new(time, options, services => services.AddSqliteWindows(_ => directory.File("windows.db")), directory);
    }

    /// <summary>In a database of their own on the Redis that all tests share.</summary>
    public static async Task<TestStores> OnRedisAsync(TestServers servers, TimeProvider time, WindowOptions options)
    {
        var server = await servers.RedisAsync();
        return Connected(server.ConnectionString(server.TakeDatabase()), time, options);
    }

    /// <summary>On the Redis Cluster that all tests share, emptied; for tests of its collection, which run one after the other.</summary>
    public static async Task<TestStores> OnClusterAsync(TestServers servers, TimeProvider time, WindowOptions options)
    {
        var cluster = await servers.ClusterAsync();
        await cluster.FlushAsync();
        return Connected(cluster.ConnectionString, time, options);
    }

    public void Dispose()
    {
        _services.Dispose();
        _owned?.Dispose();
    }

    private T WithKey<T>()
        where T : notnull
    {
        _services.GetRequiredService<UserHash>().Use(new byte[UserHash.KeyBytes]);
        return _services.GetRequiredService<T>();
    }

    private static TestStores Connected(string connectionString, TimeProvider time, WindowOptions options)
    {
        var redis = new RedisConnection(connectionString);
        return new(time, options, services => services.AddSingleton(redis).AddRedisWindows(), redis);
    }
}
