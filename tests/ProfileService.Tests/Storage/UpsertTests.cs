using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Tests.Storage;

/// <summary>The bulk upsert, on each table and each database.</summary>
[Needs(Need.Server)]
public sealed class UpsertTests(TestServers servers) : IDisposable
{
    private readonly TempDirectory _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EveryColumnIsStoredAndReplaced(bool onPostgres)
    {
        await using var services = await ServicesAsync(onPostgres);
        await using var db = Context(services);
        foreach (var n in (int[])[1, 2])
        {
            await db.UpsertAsync([ProfileOf(n)], [""], Token);
            await db.UpsertAsync([AttributesOf(n)], Token);
            await db.UpsertAsync([ItemOf("i1", n)], Token);
            AssertSame(db, ProfileOf(n), await db.Profiles.AsNoTracking().SingleAsync(Token));
            AssertSame(db, AttributesOf(n), await db.Attributes.AsNoTracking().SingleAsync(Token));
            AssertSame(db, ItemOf("i1", n), await db.Items.AsNoTracking().SingleAsync(Token));
        }

        AssertAllDiffer(db, ProfileOf(1), ProfileOf(2), nameof(Profile.UserId), nameof(Profile.Model));
        AssertAllDiffer(db, AttributesOf(1), AttributesOf(2), nameof(AttributesRow.UserId));
        AssertAllDiffer(db, ItemOf("i1", 1), ItemOf("i1", 2), nameof(ItemRow.ItemId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RevisionsRiseInTheOrderOfTheRows(bool onPostgres)
    {
        await using var services = await ServicesAsync(onPostgres);
        await using var db = Context(services);
        await db.UpsertAsync([ItemOf("b", 1), ItemOf("a", 1), ItemOf("c", 1)], Token);
        await db.UpsertAsync([ItemOf("b", 1)], Token);
        Assert.Equal(["a", "c", "b"], await db.Items.OrderBy(i => i.Revision).Select(i => i.ItemId).ToListAsync(Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NoRowsAreStoredToo(bool onPostgres)
    {
        await using var services = await ServicesAsync(onPostgres);
        await using var db = Context(services);
        Assert.Equal((0, null), await db.UpsertAsync((IReadOnlyList<Profile>)[], [], Token));
        await db.UpsertAsync((IReadOnlyList<AttributesRow>)[], Token);
        await db.UpsertAsync((IReadOnlyList<ItemRow>)[], Token);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _data.Dispose();
    }

    private static Profile ProfileOf(int n) => new()
    {
        UserId = "u1",
        Model = "m/1",
        Digest = $"d{n}",
        Revision = n,
        Change = n, // as the database numbers them
        EventCount = n,
        EventsThrough = TestEvents.Start.UtcDateTime.AddMicroseconds(n),
        ComputedAt = TestEvents.Start.UtcDateTime.AddDays(n),
        Vector = [(byte)n, 0, 255],
        Evidence = n / 8f,
        Dimensions = n == 1 ? null : $$"""{ "n": {{n}} }""",
    };

    private static AttributesRow AttributesOf(int n) =>
        new() { UserId = "u1", Values = $$"""{ "n": "{{n}} ü" }""", UpdatedAt = TestEvents.Start.UtcDateTime.AddHours(n) };

    private static ItemRow ItemOf(string id, int n) => new()
    {
        ItemId = id,
        Categories = $"[{n}]",
        Price = n == 1 ? null : n / 4.0,
        Title = n == 1 ? null : $"t{n}",
        Labels = $"[\"{n}\"]",
        Content = n == 1 ? null : [(byte)n],
        IsAvailable = n == 1,
        ExpiresAt = n == 1 ? null : TestEvents.Start.UtcDateTime.AddDays(n),
        IsDeleted = n != 1,
        UpdatedAt = TestEvents.Start.UtcDateTime.AddHours(n),
        Revision = n,
    };

    /// <summary>Column by column, as EF Core's model has them: one that is added to a table is looked at here too.</summary>
    private static void AssertSame<T>(ProfileDbContext db, T expected, T actual)
        where T : class =>
        Assert.All(db.Model.FindEntityType(typeof(T))!.GetProperties(), p =>
            Assert.Equal(p.GetGetter().GetClrValue(expected), p.GetGetter().GetClrValue(actual)));

    private static void AssertAllDiffer<T>(ProfileDbContext db, T one, T other, params string[] key)
        where T : class =>
        Assert.All(db.Model.FindEntityType(typeof(T))!.GetProperties().Where(p => !key.Contains(p.Name)), p =>
            Assert.NotEqual(p.GetGetter().GetClrValue(one), p.GetGetter().GetClrValue(other)));

    private static ProfileDbContext Context(ServiceProvider services) =>
        services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();

    private async Task<ServiceProvider> ServicesAsync(bool onPostgres)
    {
        var postgres = onPostgres ? await (await servers.PostgresAsync()).CreateDatabaseAsync() : null;
        var services = postgres is null
            ? new ServiceCollection().AddSqliteProfiles(_ => _data.File("profiles.db")).BuildServiceProvider()
            : new ServiceCollection().AddSingleton(_ => PostgresConnection.Open(postgres)).AddPostgresProfiles().BuildServiceProvider();
        await using var db = Context(services);
        await db.MigrateAsync(Token);
        return services;
    }
}
