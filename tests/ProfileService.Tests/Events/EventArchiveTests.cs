using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using ProfileService.Events;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Sentiment;
using ProfileService.Storage;
using ProfileService.Tests.Windows;
using ProfileService.Windows;
using ProfileService.Windows.Codec;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Events;

[Needs(Need.Server)]
public sealed class EventArchiveTests(TestServers servers) : IAsyncLifetime
{
    private static readonly DateTime Ever = DateTime.UnixEpoch;

    private readonly FakeTimeProvider _time = new(Start);
    private static readonly UserHash Hashes = NewHashes();
    private readonly EventOptions _options = new() { Archive = ArchiveStore.Postgres, ArchiveRetention = TimeSpan.FromDays(2) };
    private string _database = "";
    private NpgsqlDataSource? _postgres;
    private EventArchive? _archive;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EventArchive Archive => _archive!;

    [Fact]
    public async Task ArchivedEventsAreReadAsTheyWere()
    {
        WindowEvent[] events =
        [
            new("u1", "review", "sku-ä", 1_700_000_000_123_456, "e-1", ["shoes", "ré\"d", ""], 59.9, "fits\n\twell \\. 👟"),
            new("u2", "view", "i", EventTime.FromUtc(DateTime.MinValue)),
            new("u3", "view", "i", EventTime.FromUtc(DateTime.MaxValue), Value: -0.0),
            new("u3", "search", "i", -1, Value: double.MaxValue),
        ];
        await Archive.AppendAsync(events, Token);
        var read = await Archive.ReadAsync(Ever, Token).ToListAsync(Token);
        Assert.Equal(events.Select(Encoded), read.Select(Encoded));
        Assert.Equal(events.Length, await Archive.CountAsync(Ever, Token));

        static string Encoded(WindowEvent e) => e.UserId + Convert.ToHexString(WindowCodec.Encode(new Window(e.UserId, [e])));
    }

    [Theory]
    [InlineData("DROP TABLE events_20261101")]
    [InlineData("ALTER TABLE events DETACH PARTITION events_20261101")]
    public async Task DayThatIsGoneIsMadeAgain(string loss)
    {
        await Archive.AppendAsync([Event(1)], Token);
        Assert.Equal([new(2026, 11, 1)], await Days.FindAsync(Token));
        await using (var command = _postgres!.CreateCommand(loss))
            await command.ExecuteNonQueryAsync(Token);
        await Archive.ProbeAsync();
        await Archive.AppendAsync([Event(2)], Token);
        Assert.Equal([new(2026, 11, 1)], await Days.FindAsync(Token));
    }

    [Fact]
    public async Task EachDayHasAPartitionAndOldDaysAreDropped()
    {
        await AppendOnDaysAsync(4);
        Assert.Equal([new(2026, 11, 1)], await Days.DropOldAsync(Token));
        Assert.Equal([new(2026, 11, 2), new(2026, 11, 3), new(2026, 11, 4)], await Days.FindAsync(Token));
        Assert.Equal(3, await Archive.CountAsync(Ever, Token));
    }

    [Fact]
    public async Task OldDaysAreAlsoDroppedByAProcessThatDoesNotArchiveOnceNobodyDoes()
    {
        await AppendOnDaysAsync(4);
        Assert.True(await Days.AreOwnAsync(Token));
        _options.Archive = ArchiveStore.None;
        _time.SetUtcNow(Start.AddDays(33));
        Assert.False(await Days.AreOwnAsync(Token)); // another process may archive, and keep the days for longer
        _time.SetUtcNow(Start.AddDays(34));
        Assert.True(await Days.AreOwnAsync(Token));
        Assert.Equal([new(2026, 11, 1), new(2026, 11, 2), new(2026, 11, 3), new(2026, 11, 4)], await Days.DropOldAsync(Token));
    }

    [Theory]
    [InlineData("DROP TABLE events")]
    [InlineData("ALTER TABLE events RENAME archived_at TO at")]
    public async Task TableThatIsNotTheArchiveHasNoDays(string change)
    {
        await AppendOnDaysAsync(1);
        await ExecuteAsync(change);
        Assert.Empty(await Days.FindAsync(Token));
    }

    [Fact]
    public async Task ProcessThatDoesNotArchiveLooksAfterWhatIsThere()
    {
        await ExecuteAsync("DROP TABLE events");
        using var past = new EventArchive(_postgres!, new ArchiveLedger(Hashes), new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-40)));
        await past.AppendAsync([Event(1)], Token);
        Assert.Single(await Days.FindAsync(Token));
        using var service = new TestService(("ConnectionStrings:Postgres", _database), ("Events:ArchiveRetention", "1.00:00:00"));
        await service.GetAsync("/health/ready");
        await Eventually.IsTrueAsync(async () => (await Days.FindAsync(Token)).Count == 0);
    }

    [Fact]
    public async Task ReaderOfTheArchiveHoldsUpNeitherAppendsNorTheNextDayAndOldDaysWaitForIt()
    {
        await AppendOnDaysAsync(4);
        await using (var reader = await _postgres!.OpenConnectionAsync(Token))
        {
            await using var transaction = await reader.BeginTransactionAsync(Token);
            await using var read = new NpgsqlCommand("SELECT count(*) FROM events", reader);
            await read.ExecuteScalarAsync(Token);

            await Archive.AppendAsync([Event()], Token);
            Assert.Equal("55P03", (await Assert.ThrowsAsync<PostgresException>(() => Days.DropOldAsync(Token))).SqlState); // lock_not_available
            await Archive.AppendAsync([Event()], Token);
        }

        Assert.Single(await Days.DropOldAsync(Token));
        Assert.Equal(5, await Archive.CountAsync(Ever, Token));
    }

    [Fact]
    public async Task ServicesThatOpenADayAtOnceDoNotDisturbEachOther()
    {
        var others = Enumerable.Range(0, 6).Select(_ => Create()).ToList();
        await Task.WhenAll(others.Select(archive => Task.Run(() => archive.AppendAsync([Event()], Token))));
        Assert.Equal(6, await Archive.CountAsync(Ever, Token));
        others.ForEach(archive => archive.Dispose());
    }

    [Fact]
    public async Task EventsOfBeforeAnErasureAreDeletedAndNotArchivedAgain()
    {
        await Archive.AppendAsync([Event(1), Event(2), Event(9), Event(1, "u2")], Token);
        var cut = Event(5).Timestamp;
        await using (var enter = _postgres!.CreateCommand("INSERT INTO erased_users VALUES ($1, now(), $2, 1, 0, 1, 1, 1)"))
        {
            enter.Parameters.AddWithValue(Hashes.Of("u1"));
            enter.Parameters.AddWithValue(cut);
            await enter.ExecuteNonQueryAsync(Token);
        }

        Assert.Equal(2, await new ArchiveEraser(_postgres!).DeleteAsync([new ArchivedUser("u1", cut)], Start.UtcDateTime, Token));
        await Archive.AppendAsync([Event(1), Event(5), Event(6), Event(3, "u2")], Token);
        var left = await Archive.ReadAsync(["u1", "u2"], Token).Select(e => (e.UserId, e.Timestamp)).ToListAsync(Token);
        Assert.Equal([("u1", Event(6).Timestamp), ("u1", Event(9).Timestamp), ("u2", Event(1).Timestamp), ("u2", Event(3).Timestamp)], left.Order());

        _time.SetUtcNow(Start.AddHours(1));
        Assert.Equal(2, await new ArchiveEraser(_postgres!).DeleteAsync([new ArchivedUser("u1", cut)], Start.AddMinutes(1).UtcDateTime, Token)); // archived long before
    }

    /// <summary>The clock of who asked for the erasure was an hour ahead.</summary>
    [Fact]
    public async Task WhatIsArchivedAfterAnErasureStaysWheneverThatWasAskedFor()
    {
        _time.SetUtcNow(Start.AddMinutes(1));
        await Archive.AppendAsync([Event(1), Event(50)], Token);
        var cut = Event(5).Timestamp;
        Assert.Equal(1, await new ArchiveEraser(_postgres!).DeleteAsync([new ArchivedUser("u1", cut)], Start.AddHours(1).UtcDateTime, Token));
    }

    [Fact]
    public async Task EachEventIsReadOnceInTheVersionThatItsWindowKeeps()
    {
        await ExecuteAsync(
            "INSERT INTO user_aliases (user_id, person_id, erased_before, merged_at, moved_at, sequence) VALUES "
            + $"('alias', 'u1', 0, '{Start:O}', NULL, 1)");
        WindowEvent[] events =
        [
            Event(1, id: "e1"), Event(9, item: "corrected", id: "e1", kind: "wishlist"), Event(3, id: "e1", user: "alias"),
            Event(4, id: "e2", value: 2), Event(4, id: "e2", value: 5, user: "alias"), Event(4, id: "e2", value: 3, category: "shoes"),
            Event(5), Event(5, text: "b"), Event(5, text: "a", user: "alias"), Event(5, item: "other"),
            Event(6, user: "u2", id: "e1"), Event(6, user: "u2"), Event(6, user: "u2"),
        ];
        foreach (var e in events)
            await Archive.AppendAsync([e], Token);
        var read = await Archive.ReadOnceAsync(_ => true, Token).ToListAsync(Token);
        foreach (var user in (string[])["u1", "u2"])
        {
            var window = Window.Empty(user);
            foreach (var e in events.Where(e => e.UserId == user || (user == "u1" && e.UserId == "alias")))
                window.Append(e with { UserId = user }, new WindowOptions(), out _);
            var again = Window.Empty(user);
            foreach (var e in read.Where(e => e.UserId == user))
                Assert.Equal(Verdict.Accepted, again.Append(e, new WindowOptions(), out _));
            Assert.Equal(WindowCodec.Digest(window), WindowCodec.Digest(again));
        }

        Assert.Equal(read.OrderBy(e => e.UserId, StringComparer.Ordinal).ThenBy(e => e.Timestamp), read);
    }

    [Fact]
    public async Task DayOfAFormerVersionIsIndexed()
    {
        await Archive.AppendAsync([Event(1)], Token);
        await using (var drop = _postgres!.CreateCommand("DROP INDEX events_20261101_user"))
            await drop.ExecuteNonQueryAsync(Token);
        Assert.Equal([new(2026, 11, 1)], await Days.IndexAsync(Token));
        Assert.Empty(await Days.IndexAsync(Token));
    }

    /// <summary>As a process leaves it that dies while it builds the index.</summary>
    [Fact]
    public async Task IndexWhoseBuildWasCutOffIsBuiltAnew()
    {
        await Archive.AppendAsync([Event(1)], Token);
        await PostgresRoles.ExecuteAsync(_database,
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'profiles_service.events_20261101_user'::regclass");
        Assert.Equal([new(2026, 11, 1)], await Days.IndexAsync(Token));
        Assert.Empty(await Days.IndexAsync(Token));
    }

    [Fact]
    public async Task WindowsAreRebuiltByteForByteFromWhatCameInAnyOrderAndMoreThanOnce()
    {
        var random = new Random(5);
        var options = new WindowOptions { MaxEvents = 20, RememberSeen = true };
        using var directory = new TempDirectory();
        using var lost = TestStores.Sqlite(directory.File("lost.db"), _time, options);
        using var rebuilt = TestStores.Sqlite(directory.File("rebuilt.db"), _time, options);
        for (var batch = 0; batch < 30; batch++)
        {
            var events = Enumerable.Range(0, 100).Select(_ => Event(random.Next(1_000_000), $"u{random.Next(40)}", $"i{random.Next(50)}", id: random.Next(2) == 0 ? $"e{random.Next(900)}" : null)).ToList();
            await Archive.AppendAsync(events, Token);
            await lost.Windows.AppendAsync(events, Token);
        }

        var rebuild = RebuildOf(rebuilt, options);
        Assert.Equal(3_000, (await rebuild.RebuildAllAsync(new Progress<long>(), Token)).Values.Sum());
        await rebuild.RebuildAllAsync(new Progress<long>(), Token);
        for (var user = 0; user < 40; user++)
        {
            var (before, after) = ((await lost.Windows.FindAsync($"u{user}", Token))!, (await rebuilt.Windows.FindAsync($"u{user}", Token))!);
            Assert.Equal(WindowCodec.Encode(before.Window), WindowCodec.Encode(after.Window));
            var met = (await lost.Windows.FindSeenAsync($"u{user}", Token))!;
            var again = (await rebuilt.Windows.FindSeenAsync($"u{user}", Token))!;
            Assert.Equal(met.Filter.ToArray(), again.Filter.ToArray());
        }
    }

    [Fact]
    public async Task WindowThatWasDroppedForIdlenessStaysSo()
    {
        var options = new WindowOptions { IdleTtl = TimeSpan.FromDays(2) };
        using var directory = new TempDirectory();
        using var stores = TestStores.Sqlite(directory.File("windows.db"), _time, options);
        string[] users = ["idle", "came-again", "person", "of-new-attributes", "merged"];
        await Archive.AppendAsync([.. users.Select(user => Event(1, user))], Token);
        _time.Advance(TimeSpan.FromDays(3));
        await Archive.AppendAsync([Event(2, "came-again"), Event(2, "alias")], Token);
        await ExecuteAsync($"INSERT INTO attributes VALUES ('of-new-attributes', '{{}}', '{Now}'), ('idle', '{{}}', '{Start:O}')");
        await ExecuteAsync(
            "INSERT INTO user_aliases (user_id, person_id, erased_before, merged_at, moved_at, sequence) VALUES "
            + $"('alias', 'person', 0, '{Start:O}', NULL, 1), ('another', 'merged', 0, '{Now}', NULL, 2), ('of-idle', 'idle', 0, '{Start:O}', NULL, 3)");
        var rebuild = RebuildOf(stores, options);
        Assert.Equal(6, await rebuild.CountAsync(Token));
        Assert.Equal(6, (await rebuild.RebuildAllAsync(new Progress<long>(), Token)).Values.Sum());
        foreach (var user in users)
            Assert.Equal(user == "idle", await stores.Windows.FindAsync(user, Token) is null);

        await rebuild.RebuildAsync(["idle"], Token);
        Assert.Single((await stores.Windows.FindAsync("idle", Token))!.Window.Events);
    }

    [Fact]
    public async Task RebuildBringsNoOldTextBack()
    {
        var options = new WindowOptions { TextTtl = TimeSpan.FromHours(1) };
        using var directory = new TempDirectory();
        using var stores = TestStores.Sqlite(directory.File("windows.db"), _time, options);
        WindowEvent[] events = [Event(0, kind: "review", text: "old"), Event(7_000, kind: "review", text: "young"), Event(0, user: "named", text: "old")];
        await Archive.AppendAsync(events, Token);
        _time.Advance(TimeSpan.FromSeconds(7_200));
        await RebuildOf(stores, options).RebuildAsync(["named"], Token);
        Assert.Equal([null], await TextsAsync("named"));
        await RebuildOf(stores, options).RebuildAllAsync(new Progress<long>(), Token);
        Assert.Equal([null, "young"], await TextsAsync("u1"));
        var before = (await stores.Windows.FindAsync("u1", Token))!;
        await RebuildOf(stores, options).RebuildAllAsync(new Progress<long>(), Token);
        Assert.Equal(before.Revision, (await stores.Windows.FindAsync("u1", Token))!.Revision);
        Assert.Equal("old", (await Archive.ReadAsync(Ever, Token).FirstAsync(Token)).Text);

        async Task<IEnumerable<string?>> TextsAsync(string user) => (await stores.Windows.FindAsync(user, Token))!.Window.Events.Select(e => e.Text);
    }

    public async ValueTask InitializeAsync()
    {
        _database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        _postgres = PostgresConnection.Open(_database);
        await MigrateAsync(_postgres);
        _archive = Create();
        await _archive.OpenAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _archive?.Dispose();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
    }

    /// <summary>Without a sentiment package.</summary>
    private WindowRebuild RebuildOf(TestStores stores, WindowOptions options)
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<ProfileMetrics>().BuildServiceProvider();
        var silent = new SentimentScorer(null, services.GetRequiredService<ProfileMetrics>(), _time);
        var texts = new OldTexts(stores.Eraser, stores.Windows, Options.Create(options), _time, () => silent);
        return new(Archive, stores.Windows, stores.Aliases, texts, Options.Create(options), _time);
    }

    private EventArchive Create() => new(_postgres!, new ArchiveLedger(Hashes), _time);

    private ArchiveDays Days => new(_postgres!, Options.Create(_options), _time);

    private string Now => _time.GetUtcNow().ToString("O");

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _postgres!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static UserHash NewHashes()
    {
        var hashes = new UserHash();
        hashes.Use(new byte[UserHash.KeyBytes]);
        return hashes;
    }

    private static async Task MigrateAsync(NpgsqlDataSource postgres)
    {
        await using var services = new ServiceCollection().AddSingleton(postgres).AddPostgresProfiles().BuildServiceProvider();
        await using var db = services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await db.MigrateAsync(Token);
    }

    /// <summary>An event on each of so many days from the first of November.</summary>
    private async Task AppendOnDaysAsync(int days)
    {
        for (var day = 0; day < days; day++)
        {
            _time.SetUtcNow(Start.AddDays(day));
            await Archive.AppendAsync([Event(day)], Token);
        }
    }
}
