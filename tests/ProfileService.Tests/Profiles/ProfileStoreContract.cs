using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Tests.Profiles;

/// <summary>What the store of profiles must do on every database, with and without the read cache.</summary>
public abstract class ProfileStoreContract : IAsyncLifetime
{
    private protected static readonly ModelStamp M1 = new("m/1", "d");
    private protected static readonly ModelStamp M2 = new("m/2", "d");

    private ServiceProvider? _services;

    private protected ProfileStore Store => _services!.GetRequiredService<ProfileStore>();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void MigrationsDescribeTheTables()
    {
        using var db = Context();
        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Empty(db.Database.GetPendingMigrations());
    }

    [Fact]
    public async Task StoredProfileIsFoundAsItWas()
    {
        var stored = Profile("u'1; DROP TABLE profiles", revision: long.MaxValue);
        await Store.StoreAsync([stored], Token);
        var found = (await Store.FindAsync(stored.UserId, stored.Stamp, Token))!;
        Assert.Equal((stored.Revision, stored.EventCount, stored.EventsThrough, stored.ComputedAt), (found.Revision, found.EventCount, found.EventsThrough, found.ComputedAt));
        Assert.Equal(stored.Vector, found.Vector);
        Assert.Equal((stored.Evidence, stored.Dimensions), (found.Evidence, found.Dimensions));
        Assert.Equal(DateTimeKind.Utc, found.ComputedAt.Kind);
    }

    [Fact]
    public async Task LowerRevisionNeverReplacesAHigherOne()
    {
        await Store.StoreAsync([Profile("u1", revision: 5, events: 5)], Token);
        await Store.StoreAsync([Profile("u1", revision: 4, events: 4), Profile("u2", revision: 1)], Token);
        Assert.Equal(5, (await Store.FindAsync("u1", M1, Token))!.EventCount);
        Assert.NotNull(await Store.FindAsync("u2", M1, Token));
        await Store.StoreAsync([Profile("u1", revision: 6, events: 6)], Token);
        Assert.Equal(6, (await Store.FindAsync("u1", M1, Token))!.EventCount);
    }

    [Fact]
    public async Task ProfilesOfTwoModelsStandBesideEachOther()
    {
        await Store.StoreAsync([Profile("u1", revision: 9), Profile("u1", revision: 3, model: "m/2")], Token);
        Assert.Equal(9, (await Store.FindAsync("u1", M1, Token))!.Revision);
        Assert.Equal(3, (await Store.FindAsync("u1", M2, Token))!.Revision);
        Assert.Single((await Store.FindAsync(["u1", "u2"], M2, Token)).Profiles);
    }

    [Fact]
    public async Task ProfileOfAnotherPackageOfTheSameNameIsNeverFound()
    {
        await Store.StoreAsync([Profile("u1", revision: 5, digest: "former")], Token);
        Assert.Null(await Store.FindAsync("u1", M1, Token));
        Assert.Empty((await Store.FindAsync(["u1", "u2"], M1, Token)).Profiles);
        Assert.Empty(await Directory().FindAsync("", "", M1, 20, Token));
        Assert.NotNull(await Store.FindAsync("u1", M1 with { LegacyDigest = "former" }, Token));

        await Store.StoreAsync([Profile("u1", revision: 5)], Token); // computed anew at its revision
        Assert.Equal("d", (await Store.FindAsync("u1", M1, Token))!.Digest);
        Assert.Equal(5, Assert.Single((await Store.StoreAsync([Profile("u1", revision: 4, digest: "third")], Token)).Newer).Revision);
    }

    [Fact]
    public async Task SupersededModelWritesNothingOverTheActiveOne()
    {
        await Store.BeginServingAsync(M1, isFirst: true, Token);
        await Store.StoreAsync([Profile("u1", revision: 5)], Token);
        await Store.EndMarkingAsync(M1, Token);
        await Store.StoreAsync([Profile("u2", revision: 5)], Token);
        var late = await Store.StoreAsync([Profile("u1", revision: 6, digest: "former"), Profile("u3", revision: 1, model: "m/2")], Token);
        Assert.Equal($"{M1}", late.ServedModel);
        Assert.Equal(5, (await Store.FindAsync("u1", M1, Token))!.Revision);
        Assert.NotNull(await Store.FindAsync("u2", M1, Token));
        Assert.Null(await Store.FindAsync("u3", M2, Token));
    }

    [Fact]
    public async Task TheLastOfTwoActivationsStands()
    {
        await Store.BeginServingAsync(M1, isFirst: true, Token);
        await Store.BeginServingAsync(M2, isFirst: true, Token); // not the first any more
        Assert.Equal(ServedModel.MarkingOf(M1), await Store.FindServedModelAsync(Token));
        await Store.BeginServingAsync(M2, isFirst: false, Token);
        await Store.EndMarkingAsync(M1, Token);
        Assert.Equal(ServedModel.MarkingOf(M2), await Store.FindServedModelAsync(Token));
        await Store.EndMarkingAsync(M2, Token);
        Assert.Equal($"{M2}", await Store.FindServedModelAsync(Token));
    }

    [Fact]
    public async Task ProfileWithoutDimensionsIsFoundSo()
    {
        await Store.StoreAsync([new Profile { UserId = "u1", Model = M1.Id, Digest = M1.Digest, Revision = 1, EventCount = 0, EventsThrough = DateTime.UnixEpoch, ComputedAt = DateTime.UnixEpoch, Vector = [1, 2, 3, 4] }], Token);
        var found = (await Store.FindAsync("u1", M1, Token))!;
        Assert.Null(found.Dimensions);
        Assert.Equal(DateTime.UnixEpoch, found.EventsThrough);
    }

    [Fact]
    public async Task ServicesThatStoreTheSameUsersAtOnceLeaveTheNewest()
    {
        var users = Enumerable.Range(0, 100).Select(u => $"u{u}").ToList();
        await Task.WhenAll(Enumerable.Range(1, 8).Select(revision => Task.Run(() => Store.StoreAsync(
            [.. (revision % 2 == 0 ? users : users.AsEnumerable().Reverse()).Select(u => Profile(u, revision))], Token))));
        Assert.All((await Store.FindAsync(users, M1, Token)).Profiles, profile => Assert.Equal(8, profile.Revision));
        Assert.All(users, user => Assert.Equal(8, Store.FindAsync(user, M1, Token).GetAwaiter().GetResult()!.Revision));
    }

    [Fact]
    public async Task ServicesThatStartAtOnceMigrateOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(MigrateAsync)));
        Assert.Null(await Store.FindAsync("u1", M1, Token));
    }

    [Fact]
    public async Task UsersAreFoundByPrefixInTheOrderOfTheirBytes()
    {
        string[] users = ["a", "a%", "a_b", "ab", "aB", "a\u00fc", "a\uffff", "a\U0001f600", "b", "A", "'; DROP TABLE profiles --", "%"];
        await Store.StoreAsync([.. users.Select(u => Profile(u, revision: 1)), Profile("a-other", revision: 1, model: "m/2")], Token);
        var directory = Directory();
        Assert.Equal(["a", "a%", "aB", "a_b", "ab", "a\u00fc", "a\uffff", "a\U0001f600"], await directory.FindAsync("a", "", M1, 20, Token));
        Assert.Equal(["a%"], await directory.FindAsync("a%", "", M1, 20, Token));
        Assert.Equal(["a_b"], await directory.FindAsync("a_", "", M1, 20, Token));
        Assert.Equal(["a\uffff"], await directory.FindAsync("a\uffff", "", M1, 20, Token));
        Assert.Equal(["a\U0001f600"], await directory.FindAsync("a\U0001f600", "", M1, 20, Token));
        Assert.Equal(["'; DROP TABLE profiles --"], await directory.FindAsync("'", "", M1, 20, Token));
        Assert.Equal(["%", "'; DROP TABLE profiles --", "A"], await directory.FindAsync("", "", M1, 3, Token));
        Assert.Empty(await directory.FindAsync("c", "", M1, 20, Token));
        Assert.Equal(["a-other"], await directory.FindAsync("", "", M2, 20, Token));
    }

    [Fact]
    public async Task UsersAreCountedByModel()
    {
        await Store.StoreAsync([.. Enumerable.Range(0, 30).Select(u => Profile($"u{u}", revision: 1)), Profile("u1", revision: 1, model: "m/2")], Token);
        Assert.Equal((30, 1, 0), (await Directory().CountAsync("m/1", Token), await Directory().CountAsync("m/2", Token), await Directory().CountAsync("m/3", Token)));
    }

    public async ValueTask InitializeAsync()
    {
        _services = (await AddStoreAsync(new ServiceCollection())).BuildServiceProvider();
        await MigrateAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<IServiceCollection> AddStoreAsync(IServiceCollection services);

    // Bounded, for what it is tested against is waiting for ever.
    private protected async Task MigrateAsync()
    {
        using var bound = new CancellationTokenSource(Eventually.Bound);
        await using var db = Context();
        await db.MigrateAsync(bound.Token);
    }

    private protected ProfileDbContext Context() => _services!.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();

    private UserDirectory Directory() => new(_services!.GetRequiredService<IDbContextFactory<ProfileDbContext>>(), TimeProvider.System);

    private protected static Profile Profile(string user, long revision, string model = "m/1", int events = 1, string digest = "d") => new()
    {
        UserId = user,
        Model = model,
        Digest = digest,
        Revision = revision,
        EventCount = events,
        EventsThrough = new DateTime(2026, 11, 1, 10, 0, 0, 123, 456, DateTimeKind.Utc),
        ComputedAt = new DateTime(2026, 11, 2, 0, 0, 0, DateTimeKind.Utc),
        Vector = [1, 2, 3, 4],
        Evidence = 0.25f,
        Dimensions = """{"sentiment":{"texts":3,"mean":0.5},"interests":[{"category":"schön","share":1}]}""",
    };
}
