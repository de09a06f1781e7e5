using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Profiles;

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
            await db.Database.ExecuteSqlRawAsync("DROP TABLE profiles; DROP TABLE served_model; DROP TABLE items; DROP TABLE attributes; DROP TABLE erased_users; DROP TABLE erasures; DROP TABLE erasure_watchers; "
                + "DROP TABLE ledger_key; DROP TABLE pending_erasures; DROP TABLE served_stamps; DELETE FROM __EFMigrationsHistory", Token);
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

    private protected override Task<IServiceCollection> AddStoreAsync(IServiceCollection services) =>
        Task.FromResult(services.AddSqliteProfiles(_ => _directory.File("profiles.db")));
}
