using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Tests.Profiles;

public sealed class SqliteProfileStoreTests : ProfileStoreContract
{
    private readonly TempDirectory _directory = new();

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
            await db.Database.ExecuteSqlRawAsync(await DropAllAsync(db), Token);
        await db.Database.ExecuteSqlRawAsync("INSERT INTO __EFMigrationsLock (Id, Timestamp) VALUES (1, '2026-11-22 17:28:30+00:00')", Token);
        await MigrateAsync();
        Assert.Null(await Store.FindAsync("u1", M1, Token));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private static async Task<string> DropAllAsync(ProfileDbContext db)
    {
        var tables = await db.Database.SqlQueryRaw<string>("SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '#_#_EF%' ESCAPE '#'").ToListAsync(Token);
        return string.Concat(tables.Select(table => $"DROP TABLE {table}; ")) + "DELETE FROM __EFMigrationsHistory";
    }

    private protected override Task<IServiceCollection> AddStoreAsync(IServiceCollection services) =>
        Task.FromResult(services.AddSqliteProfiles(_ => _directory.File("profiles.db")));
}
