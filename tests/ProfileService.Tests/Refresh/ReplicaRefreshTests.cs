using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Storage;
using ProfileService.Tests.Model;
using ProfileService.Tests.Windows;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Refresh;

/// <summary>Two replicas on one Redis and one Postgres, with a clock of the test's own.</summary>
[Needs(Need.Server)]
public sealed class ReplicaRefreshTests(TestServers servers) : IAsyncLifetime
{
    private static readonly ModelStamp Model = TestModels.Tiny;
    private static readonly RefreshOptions Settings = new() { MaxBatch = 7 };

    private readonly FakeTimeProvider _time = new(Start);
    private readonly List<Replica> _replicas = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DueUsersAreSharedAndNoneIsComputedTwice()
    {
        await _replicas[0].Stores.Windows.AppendAsync([.. Enumerable.Range(0, 200).Select(u => Event(1, $"u{u}"))], Token);
        var counts = _replicas.Select(r => new MetricCollector<long>(r.Services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.refreshes")).ToList();
        await Task.WhenAll(_replicas.Select(r => r.Stores.Queue.CountDueAsync(Token)));
        var first = await Task.WhenAll(_replicas.Select(r => Task.Run(() => r.Refresher.RefreshDueAsync(Token))));
        Assert.All(first, count => Assert.NotEqual(0, count)); // both have a share, however fast one is
        await Task.WhenAll(_replicas.Select(r => Task.Run(() => DrainAsync(r))));
        var computed = counts.Select(c => c.GetMeasurementSnapshot().Sum(m => m.Value)).ToList();
        Assert.Equal(200, computed.Sum());
        Assert.Equal(200, (await _replicas[1].Profiles.FindAsync([.. Enumerable.Range(0, 200).Select(u => $"u{u}")], Model, Token)).Profiles.Count);
    }

    [Fact]
    public async Task OfTwoReplicasThatWantTheSameUserAtOnceOneGetsIt()
    {
        for (var round = 0; round < 50; round++)
        {
            await _replicas[0].Stores.Windows.AppendAsync([Event(round)], Token);
            var refreshed = await Task.WhenAll(_replicas.Select(r => Task.Run(() => r.Refresher.RefreshAsync("u1", Token))));
            Assert.Single(refreshed, true);
        }
    }

    [Fact]
    public async Task WorkerThatStallsPastItsLeaseNeverPutsTheOlderRevisionBack()
    {
        var (stalled, other) = (_replicas[0], _replicas[1]);
        await stalled.Stores.Windows.AppendAsync([Event(1)], Token);
        var claims = await stalled.Stores.Queue.ClaimDueAsync(1, Settings.Lease, Token);
        await stalled.Stores.Windows.AppendAsync([Event(2)], Token);
        _time.Advance(Settings.Lease);
        await DrainAsync(other);
        var newer = (await other.Profiles.FindAsync("u1", Model, Token))!;
        Assert.Equal(claims[0].Revision + 1, newer.Revision);

        await stalled.Profiles.StoreAsync([Older(claims[0].Revision)], Token);
        await stalled.Stores.Queue.SettleAsync(claims, Token);
        foreach (var replica in _replicas)
            Assert.Equal(newer.Vector, (await replica.Profiles.FindAsync("u1", Model, Token))!.Vector);
        await (await servers.RedisAsync()).FlushAsync(stalled.Connection.Database.Database); // the database too, not only the cache
        Assert.Equal(newer.Revision, (await other.Profiles.FindAsync("u1", Model, Token))!.Revision);
    }

    public async ValueTask InitializeAsync()
    {
        var redis = await servers.RedisAsync();
        var address = redis.ConnectionString(redis.TakeDatabase());
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        for (var i = 0; i < 2; i++)
            _replicas.Add(await Replica.StartAsync(address, postgres, _time));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
    }

    private static async Task DrainAsync(Replica replica)
    {
        await replica.Stores.Queue.CountDueAsync(Token); // what RedisDueWorker does at a start: look everywhere
        while (await replica.Refresher.RefreshDueAsync(Token) > 0)
        {
        }
    }

    private static Profile Older(long revision) => new()
    {
        UserId = "u1",
        Model = Model.Id,
        Digest = Model.Digest,
        Revision = revision,
        EventCount = 1,
        EventsThrough = Start.UtcDateTime,
        ComputedAt = Start.UtcDateTime,
        Vector = new byte[64],
    };

    private sealed record Replica(ServiceProvider Services, RedisConnection Connection, TestStores Stores, ProfileStore Profiles, ProfileRefresher Refresher) : IAsyncDisposable
    {
        public static async Task<Replica> StartAsync(string redis, string postgres, TimeProvider time)
        {
            var connection = new RedisConnection(redis);
            var services = new ServiceCollection()
                .AddMetrics()
                .AddLogging()
                .AddOptions()
                .AddSingleton<ProfileMetrics>()
                .AddSingleton(connection)
                .AddSingleton(new RedisPartitions(new WindowOptions().Partitions))
                .AddSingleton<ProfileCache>()
                .AddSingleton(_ => PostgresConnection.Open(postgres))
                .AddPostgresProfiles()
                .AddSingleton<SchemaStart>()
                .BuildServiceProvider();
            await services.GetRequiredService<SchemaStart>().StartAsync(Token);
            var models = new ModelSlot(Options.Create(new ModelOptions()), Options.Create(new WindowOptions()), NullLogger<ModelSlot>.Instance);
            models.Activate(Repository.TinyPackage);
            var registry = new ModelRegistry(models, NullLogger<ModelRegistry>.Instance);
            registry.Update(Model);
            var (stores, profiles) = (TestStores.Redis(connection, time), services.GetRequiredService<ProfileStore>());
            return new Replica(services, connection, stores, profiles, TestRefresher.Create(services, stores, models, registry, Settings, time));
        }

        public async ValueTask DisposeAsync()
        {
            Stores.Dispose();
            await Services.DisposeAsync();
            Connection.Dispose();
        }
    }
}
