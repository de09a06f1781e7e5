using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Lookup;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Tests.Model;
using ProfileService.Tests.Windows;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>What a process remembers of profiles, while another changes them in the same stores.</summary>
public sealed class ProfileFinderTests : IAsyncLifetime
{
    private static readonly ModelStamp Model = TestModels.Tiny;
    private static readonly ErasedUsers NobodyErased = new(new UserHash(), new UserChanges(), TimeProvider.System);
    private static readonly UserAliases NoAliases = new(NobodyErased);
    private static readonly KeepingRule Rule = new(NobodyErased, NoAliases, new UserPurposes(new UserHash(), NoAliases, Options.Create(new PurposeOptions())));
    private static readonly TimeSpan CacheFor = TimeSpan.FromMilliseconds(100);

    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(Start);
    private Process _own = null!;
    private Process _other = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RememberedProfileIsNotReadAgain()
    {
        await _own.ChangeAsync();
        var first = await _own.FindAsync();
        _time.Advance(CacheFor);
        Execute("profiles.db", "DROP TABLE profiles");
        Assert.Equal(first.Profile!.Vector, (await _own.FindAsync()).Profile!.Vector);
        Assert.Equal(first.Profile.Vector, Assert.Single(await _own.Finder.FindAsync(["u1"], Token)).Profile!.Vector);
    }

    [Fact]
    public async Task RememberedProfileGivesWayToTheRevisionThatAnotherProcessStored()
    {
        await _own.ChangeAsync();
        for (var i = 0; i < 5; i++)
        {
            var before = await _own.FindAsync();
            var revision = await _other.ChangeAsync();
            var (one, many) = (await _own.FindAsync(), (await _own.Finder.FindAsync(["nobody", "u1"], Token))[1]);
            Assert.Equal((revision, revision, false), (one.Profile!.Revision, many.Profile!.Revision, one.IsStale));
            Assert.NotEqual(before.Profile!.Vector, one.Profile.Vector);
        }
    }

    [Fact]
    public async Task ManyAreAnsweredLikeEachAlone()
    {
        foreach (var user in new[] { "u1", "u2", "u3", "u4" })
            await _own.ChangeAsync(user);
        await _own.Finder.FindAsync(["u1", "u2"], Token); // remembered; the others not
        await _other.Stores.Windows.AppendAsync([Event(9, "u2"), Event(9, "u3"), Event(9, "new")], Token);
        _time.Advance(CacheFor);

        string[] users = ["u4", "nobody", "u2", "u3", "u1", "u2", "new", "a\u0001b"];
        var many = await _own.Finder.FindAsync(users, Token);
        Assert.Equal(["u4", null, "u2", "u3", "u1", "u2", null, null], many.Select(r => r.Profile?.UserId));
        Assert.Equal([0, 0, 1, 1, 0, 1, 100, 0], many.Select(r => r.PendingEvents));
        for (var i = 0; i < users.Length; i++)
            Assert.Equal(Facts(await _own.Finder.FindAsync(users[i], Token)), Facts(many[i]));

        static (long?, long?) Facts(FoundProfile found) => (found.Profile?.Revision, found.WindowRevision);
    }

    [Fact]
    public async Task WindowIsNotAskedAgainWithinCacheFor()
    {
        var revision = await _own.ChangeAsync();
        await _own.FindAsync();
        await _other.Stores.Windows.AppendAsync([Event(5)], Token);

        _time.Advance(CacheFor - TimeSpan.FromMilliseconds(1));
        var recalled = _own.Finder.Recall("u1")!.Value;
        Assert.Equal((revision, 0), (recalled.Profile!.Revision, recalled.PendingEvents));
        Assert.Equal(1, (await _own.FindAsync()).PendingEvents); // as fresh=true asks

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_own.Finder.Recall("u1"));
    }

    [Fact]
    public async Task ProfileThatIsLookedUpAgainAndAgainIsAskedForAhead()
    {
        var revision = await _own.ChangeAsync();
        await _own.FindAsync();
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(CacheFor * .9);
            Assert.NotNull(_own.Finder.Recall("u1"));
            _time.Advance(CacheFor * .9);
            Assert.Equal(revision, (await _own.Finder.FindAsync(["u1"], Token))[0].WindowRevision);
            Assert.NotNull(_own.Finder.Recall("u1"));
        }

        await _other.Stores.Windows.AppendAsync([Event(5)], Token);
        Assert.NotNull(_own.Finder.Recall("u1"));
        _time.Advance(CacheFor * .9);
        Assert.Equal(0, _own.Finder.Recall("u1")!.Value.PendingEvents); // as within CacheFor, but asks
        Assert.Null(_own.Finder.Recall("u1"));
        Assert.Equal(1, (await _own.FindAsync()).PendingEvents);
    }

    [Fact]
    public async Task ProfileThatIsBehindIsNeverAnsweredWithoutAsking()
    {
        await _own.ChangeAsync();
        await _other.Stores.Windows.AppendAsync([Event(5)], Token);
        Assert.True((await _own.FindAsync()).IsStale);
        Assert.Null(_own.Finder.Recall("u1"));
    }

    [Fact]
    public async Task OwnRefreshIsSeenAtOnceAlsoWhereTheRevisionStays()
    {
        var revision = await _own.ChangeAsync();
        await _own.FindAsync();
        Assert.NotNull(_own.Finder.Recall("u1"));
        await _own.StoreAsync("u1", revision); // as by a package replaced by another of its name
        Assert.Null(_own.Finder.Recall("u1"));
        Assert.Equal(_own.LastVector, (await _own.FindAsync()).Profile!.Vector);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("touch")]
    [InlineData("mend")]
    public async Task OwnChangeOfTheWindowIsSeenAtOnce(string change)
    {
        await _own.ChangeAsync();
        await _own.FindAsync();
        Assert.NotNull(_own.Finder.Recall("u1"));
        await ChangeAsync(_own.Stores.Windows, change);
        Assert.Null(_own.Finder.Recall("u1"));
        Assert.Equal(1, (await _own.FindAsync()).PendingEvents);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("touch")]
    [InlineData("mend")]
    public async Task OwnChangeThatFailedMayBeStoredAndIsAskedFor(string change)
    {
        await _own.ChangeAsync();
        await _own.FindAsync();
        Execute("windows.db", "DROP TABLE windows");
        await Assert.ThrowsAnyAsync<Exception>(() => ChangeAsync(_own.Stores.Windows, change));
        Assert.Null(_own.Finder.Recall("u1"));
    }

    [Fact]
    public async Task ReadThatBeganBeforeAnOwnChangeIsNotTrustedAfterIt()
    {
        var revision = await _own.ChangeAsync();
        var start = _own.Finder.Start("u1");
        var read = (await _own.Profiles.FindAsync("u1", Model, Token))!;
        await _own.StoreAsync("u1", revision);
        _own.Finder.Keep(read, start);
        Assert.Equal(_own.LastVector, (await _own.FindAsync()).Profile!.Vector);
    }

    [Fact]
    public async Task ReadThatCameLateDoesNotTakeTheHigherRevisionBack()
    {
        await _own.ChangeAsync();
        var start = _own.Finder.Start("u1");
        var late = (await _own.Profiles.FindAsync("u1", Model, Token))!;
        var revision = await _other.ChangeAsync();
        await _own.FindAsync();
        _own.Finder.Keep(late, start).Confirm(start.At);
        Assert.Equal(revision, _own.Finder.Recall("u1")!.Value.Profile!.Revision);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LowerRevisionThatAStoreStillHoldsDoesNotTakeTheHigherOneBack(bool isChangedHere)
    {
        await _own.ChangeAsync();
        var revision = await _own.ChangeAsync();
        await _own.FindAsync();
        Execute("profiles.db", "UPDATE profiles SET revision = revision - 1"); // as a cache that could not be written
        await (isChangedHere ? _own : _other).Stores.Windows.AppendAsync([Event(9)], Token);

        var (one, many) = (await _own.FindAsync(), (await _own.Finder.FindAsync(["nobody", "u1"], Token))[1]);
        Assert.Equal((revision, revision), (one.Profile!.Revision, many.Profile!.Revision));
        Assert.True(one.IsStale && many.IsStale);
    }

    [Fact]
    public async Task ReadThatBeganBeforeAnOwnChangeIsNotLastKnownAfterIt()
    {
        await _own.ChangeAsync();
        var start = _own.Finder.Start("u1");
        var late = (await _own.Profiles.FindAsync("u1", Model, Token))!;
        var revision = await _own.ChangeAsync();
        await _own.FindAsync();
        _own.Finder.Keep(late, start);
        Assert.Equal(revision, _own.Memory.Find("u1")!.Profile.Revision);
    }

    [Fact]
    public async Task VectorThatAnotherProcessReplacedAtItsRevisionIsSeenAfterAMinute()
    {
        var revision = await _own.ChangeAsync();
        await _own.FindAsync();
        await _other.StoreAsync("u1", revision);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(_other.LastVector, (await _own.FindAsync()).Profile!.Vector);
    }

    [Fact]
    public async Task RememberedUserThatIsErasedElsewhereIsUnknown()
    {
        await _own.ChangeAsync();
        await _own.FindAsync();
        Execute("windows.db", "DELETE FROM windows");
        Assert.False((await _own.FindAsync()).IsUnknown); // the window alone may be lost
        Execute("profiles.db", "DELETE FROM profiles");
        Assert.True((await _own.FindAsync()).IsUnknown);
        Assert.True((await _own.Finder.FindAsync(["u1"], Token))[0].IsUnknown);
    }

    [Fact]
    public async Task RememberedUserWithoutAWindowIsNotAnsweredWhileTheDatabaseIsAway()
    {
        await _own.ChangeAsync();
        await _own.FindAsync();
        _time.Advance(CacheFor);
        Execute("profiles.db", "DROP TABLE profiles");
        Assert.False((await _own.FindAsync()).IsUnknown);
        Execute("windows.db", "DELETE FROM windows"); // as an erasure by another process
        await Assert.ThrowsAnyAsync<Exception>(() => _own.FindAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => _own.Finder.FindAsync(["u1"], Token));
    }

    [Fact]
    public async Task ManyAreByOneModelAlsoWhereAnotherBecomesActiveMeanwhile()
    {
        var clock = new ReadClock();
        await using var process = await Process.StartAsync(_directory, clock, new LookupOptions { CacheFor = CacheFor });
        process.Registry.Update(Model);
        await process.ChangeAsync("current");
        await process.ChangeAsync("behind");
        await process.Finder.FindAsync(["current", "behind"], Token);
        var next = new ModelStamp("next/1", "d");
        await process.StoreAsync("current", 1, next);
        await process.StoreAsync("behind", 1, next);
        await process.Finder.FindAsync(["current", "behind"], Token); // remembered by the model that is active
        await _other.Stores.Windows.AppendAsync([Event(9, "behind")], Token);
        clock.Advance(CacheFor);

        clock.AtRead(2, () => process.Registry.Update(next)); // when the windows' revisions were compared
        var many = await process.Finder.FindAsync(["current", "behind"], Token);
        Assert.Equal(next, process.Registry.Active);
        Assert.Equal([Model.Id, Model.Id], many.Select(found => found.Profile?.Model));
        many = await process.Finder.FindAsync(["current", "behind"], Token);
        Assert.Equal([next.Id, next.Id], many.Select(found => found.Profile?.Model));
    }

    /// <summary>The lookup began before another model became active: it answers by the former one, and memory stays as it is.</summary>
    [Fact]
    public async Task LookupByTheFormerModelTakesNoProfileOfTheActiveOneOutOfMemory()
    {
        var clock = new ReadClock();
        await using var process = await Process.StartAsync(_directory, clock, new LookupOptions { CacheFor = CacheFor });
        process.Registry.Update(Model);
        await process.ChangeAsync();
        var next = new ModelStamp("next/1", "d");
        await process.StoreAsync("u1", 1, next);
        clock.AtRead(1, () =>
        {
            process.Registry.Update(next);
            process.Finder.Keep(Process.Profile("u1", 1, 1, next), process.Finder.Start("u1"));
        });
        Assert.Equal(Model.Id, (await process.FindAsync()).Profile!.Model);
        Assert.Equal(next, process.Registry.Active);
        Assert.Equal(next.Id, process.Memory.Find("u1")!.Profile.Model);
    }

    [Fact]
    public async Task MemoryOfNoBytesRemembersNothing()
    {
        await using var forgetful = await Process.StartAsync(_directory, _time, new LookupOptions { MemoryBytes = 0 });
        await forgetful.ChangeAsync();
        Assert.False((await forgetful.FindAsync()).IsStale);
        Assert.Null(forgetful.Finder.Recall("u1"));
    }

    public async ValueTask InitializeAsync()
    {
        _own = await Process.StartAsync(_directory, _time, new LookupOptions { CacheFor = CacheFor });
        _other = await Process.StartAsync(_directory, _time, new LookupOptions { CacheFor = CacheFor });
    }

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        await _other.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private static Task ChangeAsync(IWindowStore windows, string change) => change switch
    {
        "append" => windows.AppendAsync([Event(5)], Token),
        "touch" => windows.TouchAsync(["u1"], Token),
        _ => windows.MendAsync("u1", [Event(5)], Token),
    };

    private void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File(file)}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A clock by which something happens when it is read.</summary>
    private sealed class ReadClock() : FakeTimeProvider(TestEvents.Start)
    {
        private Action? _then;
        private int _reads;
        private int _number;

        public void AtRead(int number, Action then) => (_reads, _number, _then) = (0, number, then);

        public override long GetTimestamp()
        {
            if (_then is { } then && Interlocked.Increment(ref _reads) == _number)
            {
                _then = null;
                then();
            }

            return base.GetTimestamp();
        }
    }

    /// <summary>What one process has of its own: all but the stores' files.</summary>
    private sealed record Process(
        ServiceProvider Services, TestStores Stores, ProfileStore Profiles, ProfileMemory Memory, ProfileFinder Finder, ModelRegistry Registry) : IAsyncDisposable
    {
        private static int _changes;

        public byte[] LastVector { get; private set; } = [];

        public static async Task<Process> StartAsync(TempDirectory directory, TimeProvider time, LookupOptions options)
        {
            var stores = TestStores.Sqlite(directory.File("windows.db"), time);
            var services = new ServiceCollection().AddSingleton(stores.Changes).AddSqliteProfiles(_ => directory.File("profiles.db")).BuildServiceProvider();
            await using (var db = services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext())
                await db.MigrateAsync(Token);
            var models = new ModelSlot(Options.Create(new ModelOptions()), Options.Create(new WindowOptions()), NullLogger<ModelSlot>.Instance);
            models.Activate(Repository.TinyPackage);
            var (profiles, memory) = (services.GetRequiredService<ProfileStore>(), new ProfileMemory(Options.Create(options), new AvailableMemory(), NobodyErased, Rule));
            var registry = new ModelRegistry(models, NullLogger<ModelRegistry>.Instance);
            var finder = new ProfileFinder(profiles, stores.Windows, memory, stores.Changes, registry, Options.Create(options), Options.Create(new WindowOptions()), time);
            return new Process(services, stores, profiles, memory, finder, registry);
        }

        public static Profile Profile(string user, long revision, float first, ModelStamp model) => new()
        {
            UserId = user,
            Model = model.Id,
            Digest = model.Digest,
            Revision = revision,
            EventCount = 1,
            EventsThrough = Start.UtcDateTime,
            ComputedAt = Start.UtcDateTime,
            Vector = VectorBytes.From([first, .. new float[15]]),
        };

        public Task<FoundProfile> FindAsync() => Finder.FindAsync("u1", Token);

        /// <summary>Appends an event and stores the profile that comes of it; returns its revision.</summary>
        public async Task<long> ChangeAsync(string user = "u1")
        {
            await Stores.Windows.AppendAsync([Event(1, user, $"i{Interlocked.Increment(ref _changes)}")], Token);
            var revision = (await Stores.Windows.FindRevisionAsync(user, Token))!.Value;
            await StoreAsync(user, revision);
            return revision;
        }

        public async Task StoreAsync(string user, long revision, ModelStamp? model = null)
        {
            var profile = Profile(user, revision, Interlocked.Increment(ref _changes), model ?? Model);
            LastVector = profile.Vector;
            await Profiles.StoreAsync([profile], Token);
        }

        public async ValueTask DisposeAsync()
        {
            Stores.Dispose();
            await Services.DisposeAsync();
        }
    }
}
