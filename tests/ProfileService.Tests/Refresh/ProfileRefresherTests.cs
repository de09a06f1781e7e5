using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
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

/// <summary>The refresh on real stores and the real tiny model, with a clock of the test's own.</summary>
public sealed class ProfileRefresherTests : IDisposable
{
    private static readonly ModelStamp Model = TestModels.Tiny;

    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly RefreshOptions _options = new();
    private readonly TestStores _stores;
    private readonly ProfileStore _profiles;
    private readonly ModelSlot _models = new(Options.Create(new ModelOptions()), Options.Create(new WindowOptions()), NullLogger<ModelSlot>.Instance);
    private readonly ModelRegistry _registry;
    private readonly ServiceProvider _services;

    public ProfileRefresherTests()
    {
        _services = new ServiceCollection()
            .AddMetrics()
            .AddSingleton<ProfileMetrics>()
            .AddSqliteProfiles(_ => _directory.File("profiles.db"))
            .BuildServiceProvider();
        using (var db = _services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext())
            db.Database.Migrate();
        _profiles = _services.GetRequiredService<ProfileStore>();
        _stores = TestStores.Sqlite(_directory.File("windows.db"), _time);
        _models.Activate(Repository.TinyPackage);
        _registry = new ModelRegistry(_models, NullLogger<ModelRegistry>.Instance);
        _registry.Update(Model);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DueUsersGetProfilesAndAreDueNoMore()
    {
        await AppendAsync([.. Enumerable.Range(0, 30).SelectMany(u => Enumerable.Range(0, u + 1).Select(i => Event(i, $"u{u}", $"i{i}")))]);
        Assert.Equal(30, await Refresher().RefreshDueAsync(Token));
        Assert.Equal(0, await _stores.Queue.CountDueAsync(Token));
        foreach (var u in (int[])[0, 7, 29])
        {
            var profile = (await _profiles.FindAsync($"u{u}", Model, Token))!;
            Assert.Equal(u + 1, profile.EventCount);
            Assert.Equal((await _stores.Windows.FindAsync($"u{u}", Token))!.Revision, profile.Revision);
            Assert.Equal(Start.AddSeconds(u).UtcDateTime, profile.EventsThrough);
            Assert.Equal(1, VectorBytes.ToFloats(profile.Vector).Sum(x => (double)x * x), 1e-5);
        }
    }

    [Fact]
    public async Task VectorDoesNotDependOnTheBatch()
    {
        await AppendAsync([.. Enumerable.Range(0, 20).SelectMany(u => Enumerable.Range(0, u % 5 + 1).Select(i => Event(i, $"u{u}", $"i{u}-{i}")))]);
        await Refresher().RefreshDueAsync(Token);
        var together = VectorBytes.ToFloats((await _profiles.FindAsync("u13", Model, Token))!.Vector);

        await _stores.Queue.MarkAllDueAsync(Token);
        Assert.True(await Refresher().RefreshAsync("u13", Token));
        var alone = VectorBytes.ToFloats((await _profiles.FindAsync("u13", Model, Token))!.Vector);
        Assert.All(together.Zip(alone), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public async Task BatchTakesAtMostMaxBatchUsers()
    {
        _options.MaxBatch = 2;
        await AppendAsync(Event(1, "a"), Event(1, "b"), Event(1, "c"));
        Assert.Equal(2, await Refresher().RefreshDueAsync(Token));
        Assert.Equal(1, await Refresher().RefreshDueAsync(Token));
        Assert.Equal(0, await Refresher().RefreshDueAsync(Token));
    }

    [Fact]
    public async Task UnreadableWindowFailsItsUserOnlyAndIsTriedAgainAfterTheLease()
    {
        await AppendAsync(Event(1, "good"), Event(1, "broken"));
        Execute("UPDATE windows SET events = x'ff' WHERE user_id = 'broken'");
        Assert.Equal(2, await Refresher().RefreshDueAsync(Token));
        Assert.NotNull(await _profiles.FindAsync("good", Model, Token));
        Assert.Null(await _profiles.FindAsync("broken", Model, Token));

        Assert.Equal(0, await Refresher().RefreshDueAsync(Token));
        _time.Advance(_options.Lease);
        Assert.Equal(1, await Refresher().RefreshDueAsync(Token));
    }

    [Fact]
    public async Task StalledWorkerNeverPutsAnOlderRevisionBack()
    {
        await AppendAsync(Event(1));
        var stalled = await _stores.Queue.ClaimDueAsync(1, _options.Lease, Token);
        await AppendAsync(Event(2));
        _time.Advance(_options.Lease);
        Assert.Equal(1, await Refresher().RefreshDueAsync(Token)); // another worker, the newer revision
        var newer = (await _profiles.FindAsync("u1", Model, Token))!;

        await _profiles.StoreAsync([Profile(stalled[0].Revision)], Token); // the stalled one wakes up and writes
        await _stores.Queue.SettleAsync(stalled, Token);
        Assert.Equal(newer.Revision, (await _profiles.FindAsync("u1", Model, Token))!.Revision);
        Assert.Equal(newer.Vector, (await _profiles.FindAsync("u1", Model, Token))!.Vector);
    }

    [Fact]
    public async Task WindowThatCameBackOlderThanItsProfileGetsAProfileAgain()
    {
        await AppendAsync(Event(1));
        Execute("CREATE TABLE backup AS SELECT * FROM windows");
        await AppendAsync(Event(2), Event(3));
        await Refresher().RefreshDueAsync(Token);
        Execute("DELETE FROM windows; INSERT INTO windows SELECT * FROM backup");
        await AppendAsync(Event(4));

        Assert.Equal(1, await Refresher().RefreshDueAsync(Token)); // stands back behind the profile, but lifts the window
        Assert.Equal(1, await Refresher().RefreshDueAsync(Token));
        Assert.Equal(2, (await _profiles.FindAsync("u1", Model, Token))!.EventCount);
        Assert.Equal(0, await _stores.Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task ProfilesThatCannotBeStoredLeaveTheirUsersDue()
    {
        await AppendAsync(Event(1));
        Execute("DROP TABLE profiles", "profiles.db");
        await Assert.ThrowsAnyAsync<SqliteException>(() => Refresher().RefreshDueAsync(Token));
        Assert.Single(await _stores.Queue.ClaimDueAsync(1, _options.Lease, Token)); // at once, not after the lease
    }

    [Fact]
    public async Task TwoWorkersShareTheUsersWithoutComputingOneTwice()
    {
        _options.MaxBatch = 3;
        await AppendAsync([.. Enumerable.Range(0, 60).Select(u => Event(1, $"u{u}"))]);
        using var refreshes = new MetricCollector<long>(_services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.refreshes");
        await Task.WhenAll(DrainAsync(Refresher()), DrainAsync(Refresher()));
        Assert.Equal(60, refreshes.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.Equal(60, (await _profiles.FindAsync([.. Enumerable.Range(0, 60).Select(u => $"u{u}")], Model, Token)).Profiles.Count);

        static async Task DrainAsync(ProfileRefresher refresher)
        {
            while (await Task.Run(() => refresher.RefreshDueAsync(Token)) > 0)
            {
            }
        }
    }

    /// <summary>Otherwise others would claim its users again and again, and nobody could settle them.</summary>
    [Fact]
    public async Task BatchThatTakesLongerThanALeaseKeepsItsUsers()
    {
        await AppendAsync(Event(1));
        Task<int> refreshing;
        using (await OneWriter.TakeTurnAsync(Token)) // so that no profile is stored
        {
            refreshing = Task.Run(() => Refresher().RefreshDueAsync(Token));
            await Eventually.IsTrueAsync(async () => await _stores.Queue.FindAsync("u1", Token) is { LeaseEnd: not null });
            for (var round = 0; round < 4; round++)
            {
                await Eventually.IsTrueAsync(async () =>
                {
                    _time.Advance(_options.Lease / 2);
                    return (await _stores.Queue.FindAsync("u1", Token))!.LeaseEnd > _time.GetUtcNow().UtcDateTime;
                });
            }

            Assert.Empty(await _stores.Queue.ClaimDueAsync(1, _options.Lease, Token));
        }

        Assert.Equal(1, await refreshing);
        Assert.Equal(0, await _stores.Queue.CountDueAsync(Token));
    }

    [Fact]
    public async Task FreshnessIsMeasuredFromAcceptanceToReadable()
    {
        using var freshness = new MetricCollector<double>(_services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.freshness");
        await AppendAsync(Event(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        await AppendAsync(Event(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Refresher().RefreshDueAsync(Token);
        Assert.Equal(3, Assert.Single(freshness.GetMeasurementSnapshot()).Value, 1e-9);
    }

    [Fact]
    public async Task BatchOfWhichNobodyIsToBeRefreshedIsNotRecorded()
    {
        using var batches = new MetricCollector<int>(_services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.refresh.batch_size");
        await AppendAsync(Event(1, "alias"));
        _stores.Aliases.Take("alias", new UserAlias("person", 0));
        Assert.Equal(1, await Refresher().RefreshDueAsync(Token));
        Assert.Empty(batches.GetMeasurementSnapshot());
        await AppendAsync(Event(1, "person"));
        Assert.Equal(1, await Refresher().RefreshDueAsync(Token));
        Assert.Single(batches.GetMeasurementSnapshot());
    }

    public void Dispose()
    {
        _stores.Dispose();
        _services.Dispose();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private static Profile Profile(long revision) => new()
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

    private ProfileRefresher Refresher() => TestRefresher.Create(_services, _stores, _models, _registry, _options, _time);

    private Task AppendAsync(params WindowEvent[] events) => _stores.Windows.AppendAsync(events, Token);

    private void Execute(string sql, string file = "windows.db")
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File(file)}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
