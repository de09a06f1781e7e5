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

    private protected override Task<IServiceCollection> AddStoreAsync(IServiceCollection services) =>
        Task.FromResult(services.AddSqliteProfiles(_ => _directory.File("profiles.db")));
}
