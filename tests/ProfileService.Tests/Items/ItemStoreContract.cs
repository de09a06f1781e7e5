using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;
using ProfileService.Storage;

namespace ProfileService.Tests.Items;

/// <summary>What the store of items must do on every database.</summary>
public abstract class ItemStoreContract : IAsyncLifetime
{
    private static readonly DateTime Until = new DateTime(2026, 12, 24, 18, 0, 0, DateTimeKind.Utc).AddMicroseconds(1);

    private ServiceProvider? _services;

    private protected ItemStore Store => _services!.GetRequiredService<ItemStore>();

    private protected ItemPages Pages => _services!.GetRequiredService<ItemPages>();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoredItemIsFoundAsItWas()
    {
        var stored = new CatalogueItem("i'1; DROP TABLE items", ["running", "a \"b\" 漢"], -59.9, "Trail shoe \\ é", ["sale", "new"], [0.1f, -1e-38f, 3.4e38f], Available: false, Until);
        await Store.StoreAsync([stored], Token);
        AssertSame(stored, await Store.FindAsync(stored.ItemId, Token));
        Assert.Null(await Store.FindAsync("other", Token));
    }

    [Fact]
    public async Task ItemOfWhichLittleIsKnownIsFoundAsItWas()
    {
        await Store.StoreAsync([new CatalogueItem("i1", [], null, null, [])], Token);
        AssertSame(new CatalogueItem("i1", [], null, null, []), await Store.FindAsync("i1", Token));
    }

    [Fact]
    public async Task ItemIsAddedOnlyWhereNothingIsStored()
    {
        await Store.StoreAsync([new CatalogueItem("put", ["a"], 1, "one", [])], Token);
        await Store.DeleteAsync("deleted", Token);
        await Store.AddAsync([.. new[] { "put", "new", "deleted" }.Select(id => new CatalogueItem(id, ["b"], null, null, []))], Token);
        AssertSame(new CatalogueItem("put", ["a"], 1, "one", []), await Store.FindAsync("put", Token));
        AssertSame(new CatalogueItem("new", ["b"], null, null, []), await Store.FindAsync("new", Token));
        Assert.Null(await Store.FindAsync("deleted", Token));
        await Store.StoreAsync([new CatalogueItem("new", ["c"], null, null, [])], Token); // by the rules of items that are put
        AssertSame(new CatalogueItem("new", ["c"], null, null, []), await Store.FindAsync("new", Token));
    }

    [Fact]
    public async Task ItemThatIsAddedTwiceAtOnceIsAsItWasFirst()
    {
        await Store.AddAsync([.. new[] { "a", "b" }.Select(category => new CatalogueItem("new", [category], null, null, []))], Token);
        AssertSame(new CatalogueItem("new", ["a"], null, null, []), await Store.FindAsync("new", Token));
    }

    [Fact]
    public async Task LaterItemReplacesTheOneOfItsIdWhole()
    {
        await Store.StoreAsync([new CatalogueItem("i1", ["a"], 1, "one", ["x"], [1, 2]), new CatalogueItem("i1", ["b"], 2, null, [])], Token);
        AssertSame(new CatalogueItem("i1", ["b"], 2, null, []), await Store.FindAsync("i1", Token));
        await Store.StoreAsync([new CatalogueItem("i1", [], null, "three", [])], Token);
        AssertSame(new CatalogueItem("i1", [], null, "three", []), await Store.FindAsync("i1", Token));
    }

    [Fact]
    public async Task ChangeIsStoredAndReadAsOne()
    {
        await Store.StoreAsync([new CatalogueItem("i1", ["a"], 1, "one", ["x"], [1, 2]), Item("i2")], Token);
        var through = (await Store.FindChangedAsync(0, 10, withContent: true, Token))[^1].Revision;
        var changed = await Store.ChangeAsync(Change("i1", ("price", 2.5), ("title", null), ("expiresAt", Until)), Token);
        var expected = new CatalogueItem("i1", ["a"], 2.5, null, ["x"], [1, 2], Available: true, Until);
        AssertSame(expected, changed);
        AssertSame(expected, await Store.FindAsync("i1", Token));
        AssertSame(expected, Assert.Single(await Store.FindChangedAsync(through, 10, withContent: true, Token)).Item);
    }

    [Fact]
    public async Task UnknownOrDeletedItemIsNotChanged()
    {
        await Store.StoreAsync([Item("deleted")], Token);
        await Store.DeleteAsync("deleted", Token);
        Assert.Null(await Store.ChangeAsync(Change("deleted", ("price", 1.0)), Token));
        Assert.Null(await Store.ChangeAsync(Change("never stored", ("price", 1.0)), Token));
        Assert.Null(await Store.FindAsync("deleted", Token));
        Assert.Null(await Store.FindAsync("never stored", Token));
    }

    [Fact]
    public async Task ChangesOfOneItemAtTheSameTimeAreAllKept()
    {
        await Store.StoreAsync([Item("i1")], Token);
        (string, object?)[] changes =
            [("price", 7.0), ("title", "t"), ("labels", new[] { "l" }), ("available", false), ("expiresAt", Until)];
        for (var round = 0; round < 10; round++)
        {
            await Store.StoreAsync([Item("i1")], Token);
            await Task.WhenAll(changes.Select(change => Task.Run(() => Store.ChangeAsync(Change("i1", change), Token), Token))
                .Append(Task.Run(() => Store.StoreAsync([Item($"other-{round}")], Token), Token)));
            AssertSame(new CatalogueItem("i1", ["c"], 7, "t", ["l"], null, Available: false, Until), await Store.FindAsync("i1", Token));
        }

        var revisions = (await Store.FindChangedAsync(0, 100, withContent: false, Token)).Select(c => c.Revision).ToList();
        Assert.Equal(revisions.Distinct(), revisions);
    }

    [Fact]
    public async Task ChangedItemsAreReadInTheirOrderFromWhereItWasLeftOff()
    {
        await Store.StoreAsync([Item("i1"), Item("i2"), Item("i3")], Token);
        var first = await Store.FindChangedAsync(0, 2, withContent: true, Token);
        var rest = await Store.FindChangedAsync(first[^1].Revision, 10, withContent: true, Token);
        Assert.Equal(["i1", "i2", "i3"], first.Concat(rest).Select(c => c.Item.ItemId).Order());
        Assert.Empty(await Store.FindChangedAsync(rest[^1].Revision, 10, withContent: true, Token));

        await Store.StoreAsync([Item("i2")], Token);
        Assert.Equal("i2", Assert.Single(await Store.FindChangedAsync(rest[^1].Revision, 10, withContent: true, Token)).Item.ItemId);
    }

    [Fact]
    public async Task WhetherAnItemIsAvailableIsReadWithItsChange()
    {
        await Store.StoreAsync([Item("i1") with { Available = false, ExpiresAt = Until }], Token);
        foreach (var withContent in new[] { true, false })
        {
            var (item, isDeleted, _) = Assert.Single(await Store.FindChangedAsync(0, 10, withContent, Token));
            Assert.Equal((false, Until, false), (item.Available, item.ExpiresAt, isDeleted));
        }
    }

    [Fact]
    public async Task DeletedItemIsGoneAndReadAsAChangeUntilItIsStoredAgain()
    {
        await Store.StoreAsync([Item("i1"), Item("i2")], Token);
        var through = (await Store.FindChangedAsync(0, 10, withContent: false, Token))[^1].Revision;
        await Store.DeleteAsync("i1", Token);
        await Store.DeleteAsync("never stored", Token);
        Assert.Null(await Store.FindAsync("i1", Token));
        var changed = await Store.FindChangedAsync(through, 10, withContent: false, Token);
        Assert.Equal([("i1", true), ("never stored", true)], changed.Select(c => (c.Item.ItemId, c.IsDeleted)));
        Assert.Equal([], changed[0].Item.Categories);
        Assert.Equal(0, await Store.FindRevisionBeforeAsync(1, Token)); // i2 alone is counted

        await Store.StoreAsync([Item("i1")], Token);
        Assert.Equal(["c"], (await Store.FindAsync("i1", Token))!.Categories);
        Assert.False(Assert.Single(await Store.FindChangedAsync(changed[^1].Revision, 10, withContent: true, Token)).IsDeleted);
    }

    [Fact]
    public async Task ContentIsReadWhereItIsAskedFor()
    {
        await Store.StoreAsync([Item("i1") with { Content = [1, 2] }], Token);
        Assert.Equal([1, 2], (await Store.FindChangedAsync(0, 1, withContent: true, Token))[0].Item.Content!);
        Assert.Null((await Store.FindChangedAsync(0, 1, withContent: false, Token))[0].Item.Content);
    }

    [Fact]
    public async Task NewestAreFoundByTheRevisionBeforeThem()
    {
        await Store.StoreAsync([Item("i1")], Token);
        await Store.StoreAsync([Item("i2"), Item("i3")], Token);
        var before = await Store.FindRevisionBeforeAsync(2, Token);
        Assert.Equal(["i2", "i3"], (await Store.FindChangedAsync(before, 10, withContent: false, Token)).Select(c => c.Item.ItemId).Order());
        Assert.Equal(0, await Store.FindRevisionBeforeAsync(3, Token));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task PagesHaveEveryItemOnceInTheOrderOfBytes(int count)
    {
        string[] ids = ["B", "a", "a b", "ä", "é", "漢", "🎈"]; // a locale would put a before B
        await Store.StoreAsync([.. ids.Reverse().Append("gone").Select(Item)], Token);
        await Store.DeleteAsync("gone", Token);
        Assert.Equal(ids, await IdsAsync(count, ""));
    }

    [Theory]
    [InlineData("SHOE", "a", "b", "Shoe-3")]
    [InlineData("größe", "c", "d")]
    [InlineData("GRÖSSE")]
    [InlineData("χρώμα", "e")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("-3")]
    public async Task QueryIsPartOfATitleOrTheStartOfAnIdInAnyCase(string query, params string[] found)
    {
        string[] titles = ["Trail shoe", "Shoes", "Schuh Größe 3", "GRÖßE", "ΧΡΏΜΑ"];
        var titled = titles.Zip("abcde", (title, id) => Item($"{id}") with { Title = title });
        await Store.StoreAsync([.. titled, Item("Shoe-3"), Item("0"), Item("not-a-shoe")], Token);
        foreach (var count in new[] { 1, 2, 1_000 })
            Assert.Equal(found.Order(StringComparer.Ordinal), await IdsAsync(count, query));
    }

    [Fact]
    public async Task PageHasItemsAsTheyAreStored()
    {
        var stored = new CatalogueItem("i1", ["a", "b"], 59.9, "Shoe", ["x"], [0.5f, -1], Available: false, Until);
        await Store.StoreAsync([stored], Token);
        AssertSame(stored, Assert.Single((await Pages.ReadAsync("", 100, "", Token)).Items));
        AssertSame(stored, Assert.Single((await Pages.ReadAsync("", 100, "i1", Token)).Items));
    }

    [Fact]
    public async Task WhoReadsWhileOthersStoreMissesNothing()
    {
        var stored = Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < 25; n++)
                await Store.StoreAsync([Item($"i{writer}-{n}"), Item($"shared-{n}")], Token);
        })));
        var (seen, through) = (new HashSet<string>(), 0L);
        for (var isLast = false; ; isLast = stored.IsCompleted)
        {
            foreach (var (item, _, revision) in await Store.FindChangedAsync(through, 1_000, withContent: false, Token))
            {
                Assert.True(revision > through);
                (_, through) = (seen.Add(item.ItemId), revision);
            }

            if (isLast)
                break;
        }

        await stored;
        Assert.Equal((8 * 25) + 25, seen.Count);
    }

    public async ValueTask InitializeAsync()
    {
        _services = (await AddStoreAsync(new ServiceCollection()))
            .AddSingleton(TimeProvider.System).AddSingleton<ItemStore>().AddSingleton<ItemPages>().BuildServiceProvider();
        await using var db = _services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await db.MigrateAsync(Token);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<IServiceCollection> AddStoreAsync(IServiceCollection services);

    private protected async Task<List<string>> IdsAsync(int count, string query)
    {
        List<string> ids = [];
        for (var after = ""; after is not null;)
        {
            var page = await Pages.ReadAsync(after, count, query, Token);
            Assert.InRange(page.Items.Count, 0, count);
            ids.AddRange(page.Items.Select(item => item.ItemId));
            after = page.Next;
        }

        return ids;
    }

    private protected static CatalogueItem Item(string id) => new(id, ["c"], null, null, []);

    private static ItemChange Change(string id, params (string Field, object? Value)[] given)
    {
        var values = given.ToDictionary(g => g.Field, g => g.Value);
        var item = new CatalogueItem(
            id, [], (double?)values.GetValueOrDefault("price"), (string?)values.GetValueOrDefault("title"),
            (string[]?)values.GetValueOrDefault("labels") ?? [], null, (bool?)values.GetValueOrDefault("available") ?? true,
            (DateTime?)values.GetValueOrDefault("expiresAt"));
        return new ItemChange(item, values.Keys.ToHashSet());
    }

    private static void AssertSame(CatalogueItem expected, CatalogueItem? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.ItemId, expected.Price, expected.Title), (actual.ItemId, actual.Price, actual.Title));
        Assert.Equal((expected.Available, expected.ExpiresAt), (actual.Available, actual.ExpiresAt));
        Assert.Equal(expected.Categories, actual.Categories);
        Assert.Equal(expected.Labels, actual.Labels);
        Assert.Equal(expected.Content, actual.Content);
    }
}
