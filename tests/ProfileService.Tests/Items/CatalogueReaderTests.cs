using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Tests.Items;

/// <summary>Processes that share a store, with a clock of the test's own.</summary>
public sealed class CatalogueReaderTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private readonly SteppedTime _time = new(TestEvents.Start);
    private readonly List<IDisposable> _opened = [];
    private ServiceProvider? _services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ItemStore Store => _services!.GetRequiredService<ItemStore>();

    [Fact]
    public async Task ReplicaSeesTheItemsOfAnother()
    {
        var (mine, others) = (Open(), Open());
        var worker = new CatalogueWorker(others.Reader, others.Catalogue, Options.Create(new ItemOptions()), _time, NullLogger<CatalogueWorker>.Instance);
        _opened.Add(worker);
        await worker.StartAsync(Token);
        await _time.UntilWaitsAsync(new ItemOptions().PollInterval, 1);
        await Store.StoreAsync([Item("i1", "a")], Token);
        await mine.Reader.CatchUpAsync(Token);
        Assert.Equal(["a"], mine.Catalogue.Find("i1")!.Categories);
        Assert.Null(others.Catalogue.Find("i1"));

        await PollUntilAsync(() => others.Catalogue.Find("i1") is not null);
        await Store.StoreAsync([Item("i1", "b")], Token);
        await PollUntilAsync(() => others.Catalogue.Find("i1")!.Categories[0] == "b");
        Assert.True(others.Catalogue.IsAvailable("i1", _time.GetUtcNow(), out _));
        await Store.DeleteAsync("i1", Token);
        await PollUntilAsync(() => others.Catalogue.Find("i1") is null);
        Assert.False(others.Catalogue.IsAvailable("i1", _time.GetUtcNow(), out _));
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task PollingGoesOnWhenTheStoreFailed()
    {
        var (_, catalogue, reader) = Open();
        var worker = new CatalogueWorker(reader, catalogue, Options.Create(new ItemOptions()), _time, NullLogger<CatalogueWorker>.Instance);
        _opened.Add(worker);
        await worker.StartAsync(Token);
        await _time.UntilWaitsAsync(new ItemOptions().PollInterval, 1);
        await ExecuteAsync("ALTER TABLE items RENAME TO gone");
        for (var failures = 0; failures < 3; failures++)
            await _time.PassAsync(new ItemOptions().PollInterval);
        await ExecuteAsync("ALTER TABLE gone RENAME TO items");
        await Store.StoreAsync([Item("i1", "a")], Token);
        await PollUntilAsync(() => catalogue.Find("i1") is not null);
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task ProcessThatStartsKnowsAllThatIsStored()
    {
        await Store.StoreAsync([.. Enumerable.Range(0, 4_500).Select(i => Item($"i{i}", "a"))], Token); // more than are read at a time
        var (_, catalogue, reader) = Open();
        await reader.CatchUpAsync(Token);
        Assert.Equal(4_500, catalogue.Count);
    }

    [Fact]
    public async Task OfMoreItemsThanAreKeptTheOnesThatChangedLastAreKnownAtTheStart()
    {
        await Store.StoreAsync([Item("i1", "a")], Token);
        await Store.StoreAsync([Item("i2", "a")], Token);
        await Store.StoreAsync([Item("i3", "a")], Token);
        var (_, catalogue, reader) = Open(maxItems: 2);
        await reader.CatchUpAsync(Token);
        Assert.Equal([false, true, true], Known(catalogue));

        await Store.StoreAsync([Item("i1", "a"), Item("i2", "b")], Token);
        await reader.CatchUpAsync(Token);
        Assert.Equal([false, true, true], Known(catalogue));
        Assert.Equal(["b"], catalogue.Find("i2")!.Categories);

        static bool[] Known(ItemCatalogue catalogue) => [.. new[] { "i1", "i2", "i3" }.Select(id => catalogue.Find(id) is not null)];
    }

    [Fact]
    public async Task ProcessThatStartsKnowsWhatWasDeletedAsFarAsItIsKept()
    {
        await Store.StoreAsync([Item("i1", "a"), Item("i2", "a")], Token);
        await Store.DeleteAsync("i1", Token);
        await Store.DeleteAsync("i3", Token);
        var (_, catalogue, reader) = Open(maxItems: 1);
        await reader.CatchUpAsync(Token);
        Assert.Equal([false, true, true], new[] { "i1", "i2", "i3" }.Select(id => catalogue.IsAvailable(id, _time.GetUtcNow(), out _)));
        await Store.DeleteAsync("i2", Token);
        await reader.CatchUpAsync(Token);
        Assert.Equal((0, 1), (catalogue.Count, catalogue.DeletedCount));
    }

    [Fact]
    public async Task ContentIsKeptWhereTheModelTakesItAndForgottenWhenAnotherModelDoesNot()
    {
        await Store.StoreAsync([Item("i1", "a") with { Content = [1, 2, 3, 4, 5, 6] }, Item("i2", "a") with { Content = [1] }, Item("i3", "a") with { Content = [1, 2, 3, 4, 5, 1.1e9f] }], Token);
        var (models, catalogue, reader) = Open(Repository.ContentPackage, contentDimension: 6);
        await reader.CatchUpAsync(Token);
        Assert.Equal([1, 2, 3, 4, 5, 6], catalogue.Facts("i1"u8)!.Content!);
        Assert.Null(catalogue.Facts("i2"u8)!.Content); // of another length
        Assert.Null(catalogue.Facts("i3"u8)!.Content); // beyond what a model can take

        models.Activate(Repository.TinyPackage);
        await reader.CatchUpAsync(Token);
        Assert.Null(catalogue.Facts("i1"u8)!.Content);
        Assert.Null(catalogue.Find("i1")!.Content);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task ContentOfAnotherSizeThanTheModelTakesIsNotKept(int dimension)
    {
        await Store.StoreAsync([Item("i1", "a") with { Content = new float[6] }], Token);
        var (_, catalogue, reader) = Open(Repository.ContentPackage, contentDimension: dimension);
        await reader.CatchUpAsync(Token);
        Assert.Null(catalogue.Facts("i1"u8)!.Content);
    }

    [Fact]
    public void FactsAreFoundByTheBytesOfTheIdWithoutAllocating()
    {
        var catalogue = new ItemCatalogue();
        catalogue.Keep(Item("漢-1", "é"));
        var facts = catalogue.Facts("漢-1"u8)!;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.Same(facts, catalogue.Facts("漢-1"u8));
        Assert.Null(catalogue.Facts("other"u8));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 200); // of the assertions themselves
        Assert.Equal("é"u8, facts.Category!);
        Assert.Null(catalogue.Facts(new byte[2_000]));
    }

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddSqliteProfiles(_ => _directory.File("profiles.db"))
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton<ItemStore>()
            .BuildServiceProvider();
        await using var db = _services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await db.MigrateAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _opened.ForEach(o => o.Dispose());
        await _services!.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private (ModelSlot Models, ItemCatalogue Catalogue, CatalogueReader Reader) Open(string? package = null, int maxItems = 1_000_000, int contentDimension = 0)
    {
        var models = new ModelSlot(Options.Create(new ModelOptions()), Options.Create(new WindowOptions()), NullLogger<ModelSlot>.Instance);
        models.Activate(package ?? Repository.TinyPackage);
        var catalogue = new ItemCatalogue();
        var options = Options.Create(new ItemOptions { MaxItems = maxItems, ContentDimension = contentDimension });
        var reader = new CatalogueReader(catalogue, Store, models, options, NullLogger<CatalogueReader>.Instance);
        _opened.Add(reader);
        return (models, catalogue, reader);
    }

    private Task PollUntilAsync(Func<bool> condition) => Eventually.IsTrueAsync(() =>
    {
        _time.Advance(new ItemOptions().PollInterval);
        return Task.FromResult(condition());
    });

    private async Task ExecuteAsync(string sql)
    {
        await using var db = _services!.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await db.Database.ExecuteSqlRawAsync(sql, Token);
    }

    private static CatalogueItem Item(string id, string category) => new(id, [category], null, null, []);
}
