using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Profiles;

namespace ProfileService.Tests.Items;

public sealed class SqliteItemStoreTests : ItemStoreContract
{
    private readonly TempDirectory _directory = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public async Task PageThatLookedThroughManyItemsInVainSaysWhereToGoOn()
    {
        await Store.StoreAsync([.. Enumerable.Range(0, 100_002).Select(i => Item($"i{i:d6}"))], Token);
        await Store.StoreAsync([Item("z")], Token);
        var page = await Pages.ReadAsync("", 100, "Z", Token);
        Assert.Equal("i099999", page.Next);
        Assert.Empty(page.Items);
        Assert.Equal(["z"], await IdsAsync(100, "Z"));
    }

    private protected override Task<IServiceCollection> AddStoreAsync(IServiceCollection services) =>
        Task.FromResult(services.AddSqliteProfiles(_ => _directory.File("profiles.db")));
}
