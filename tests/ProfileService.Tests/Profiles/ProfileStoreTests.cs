using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Profiles;

namespace ProfileService.Tests.Profiles;

public sealed class ProfileStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ServiceProvider _services;
    private readonly ProfileStore _store;

    public ProfileStoreTests()
    {
        _services = new ServiceCollection()
            .AddSqliteProfiles(_ => _directory.File("profiles.db"))
            .BuildServiceProvider();
        Migrate();
        _store = _services.GetRequiredService<ProfileStore>();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void MigrationsDescribeTheTables()
    {
        using var db = Context();
        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Empty(db.Database.GetPendingMigrations());
    }

    [Fact]
    public void LookupsReadWhileTheRefreshWrites()
    {
        using var db = Context();
        Assert.Equal("wal", db.Database.SqlQueryRaw<string>("SELECT journal_mode AS \"Value\" FROM pragma_journal_mode").Single());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MigrationIsNotHeldUpByTheLockOfAKilledProcess(bool migrated)
    {
        using var db = Context();
        if (!migrated)
            await db.Database.ExecuteSqlRawAsync("DROP TABLE profiles; DROP TABLE served_model; DELETE FROM __EFMigrationsHistory", Token);
        await db.Database.ExecuteSqlRawAsync("INSERT INTO __EFMigrationsLock (Id, Timestamp) VALUES (1, '2026-11-22 17:28:30+00:00')", Token);
        Migrate();
        Assert.Null(await _store.FindAsync("u1", "m/1", Token));
    }

    [Fact]
    public async Task StoredProfileIsFoundAsItWas()
    {
        var stored = Profile("u'1; DROP TABLE profiles", revision: long.MaxValue);
        await _store.StoreAsync([stored], Token);
        var found = (await _store.FindAsync(stored.UserId, stored.Model, Token))!;
        Assert.Equal((stored.Revision, stored.EventCount, stored.EventsThrough, stored.ComputedAt), (found.Revision, found.EventCount, found.EventsThrough, found.ComputedAt));
        Assert.Equal(stored.Vector, found.Vector);
        Assert.Equal(DateTimeKind.Utc, found.ComputedAt.Kind);
    }

    [Fact]
    public async Task LowerRevisionNeverReplacesAHigherOne()
    {
        await _store.StoreAsync([Profile("u1", revision: 5, events: 5)], Token);
        await _store.StoreAsync([Profile("u1", revision: 4, events: 4), Profile("u2", revision: 1)], Token);
        Assert.Equal(5, (await _store.FindAsync("u1", "m/1", Token))!.EventCount);
        Assert.NotNull(await _store.FindAsync("u2", "m/1", Token));
        await _store.StoreAsync([Profile("u1", revision: 6, events: 6)], Token);
        Assert.Equal(6, (await _store.FindAsync("u1", "m/1", Token))!.EventCount);
    }

    [Fact]
    public async Task ProfilesOfTwoModelsStandBesideEachOther()
    {
        await _store.StoreAsync([Profile("u1", revision: 9), Profile("u1", revision: 3, model: "m/2")], Token);
        Assert.Equal(9, (await _store.FindAsync("u1", "m/1", Token))!.Revision);
        Assert.Equal(3, (await _store.FindAsync("u1", "m/2", Token))!.Revision);
        Assert.Single(await _store.FindAsync(["u1", "u2"], "m/2", Token));
    }

    public void Dispose()
    {
        _services.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private static Profile Profile(string user, long revision, string model = "m/1", int events = 1) => new()
    {
        UserId = user,
        Model = model,
        Revision = revision,
        EventCount = events,
        EventsThrough = new DateTime(2026, 11, 1, 10, 0, 0, 123, 456, DateTimeKind.Utc),
        ComputedAt = new DateTime(2026, 11, 2, 0, 0, 0, DateTimeKind.Utc),
        Vector = [1, 2, 3, 4],
    };

    // Bounded, for what it is tested against is waiting for ever.
    private void Migrate()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        new ProfileMigration(_services.GetRequiredService<IDbContextFactory<ProfileDbContext>>()).StartAsync(bound.Token).GetAwaiter().GetResult();
    }

    private ProfileDbContext Context() => _services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
}
