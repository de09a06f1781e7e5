using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Tests.Storage;

/// <summary>What a migration does beside its tables.</summary>
[Needs(Need.Server)]
public sealed class MigrationTests(TestServers servers) : IDisposable
{
    private const string LastInsecure = "20261127141000_AuditLog"; // deleted content stayed in SQLite's file
    private const string BeforeChangeNumbers = "20261128000000_ItemsTakenAway"; // the next one alters profiles
    private const string Canary = "canary-7f3a9c51";

    private readonly TempDirectory _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string SqliteFile => _data.File("profiles.db");

    [Fact]
    public async Task DeletedContentLeavesAFormerFileBeforeTheFileCountsAsACurrentOne()
    {
        await using var provider = new ServiceCollection().AddSqliteProfiles(_ => SqliteFile).BuildServiceProvider();
        await MigrateToAsync(provider, LastInsecure);
        ExecuteInFile(
            "PRAGMA secure_delete = OFF",
            $"INSERT INTO attributes (user_id, attributes, updated_at) VALUES ('u1', '{string.Join(' ', Enumerable.Repeat(Canary, 5_000))}', '')",
            "DELETE FROM attributes",
            "CREATE TABLE erasures (receipt TEXT)"); // so that the migration fails
        Assert.True(FileHasCanary());

        await Assert.ThrowsAnyAsync<Exception>(() => MigrateAsync(provider));
        ExecuteInFile("DROP TABLE erasures");
        Assert.False(FileHasCanary());
        await MigrateAsync(provider);
    }

    [Fact]
    public async Task TableThatIsInUseIsTriedAgainAndNobodyWaitsBehindTheMigrationForLong()
    {
        var database = await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync();
        await using var provider = new ServiceCollection().AddSingleton(_ => PostgresConnection.Open(database)).AddPostgresProfiles().BuildServiceProvider();
        await MigrateToAsync(provider, BeforeChangeNumbers);
        await using var db = Open(provider);
        Task migrating;
        await using (var reading = await db.Database.BeginTransactionAsync(Token))
        {
            await db.Database.ExecuteSqlRawAsync("LOCK TABLE profiles IN ACCESS SHARE MODE", Token);
            migrating = Task.Run(() => MigrateAsync(provider), Token);
            await Eventually.IsTrueAsync(IsWaitedForAsync);
            await Eventually.IsTrueAsync(async () => !await IsWaitedForAsync());
            Assert.False(migrating.IsCompleted);
            await reading.CommitAsync(Token);
        }

        await migrating;
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Token));

        Task<bool> IsWaitedForAsync() => db.Database.SqlQuery<bool>(
            $"SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'profiles'::regclass AND NOT granted) AS \"Value\"").SingleAsync(Token);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _data.Dispose();
    }

    private static ProfileDbContext Open(ServiceProvider provider) =>
        provider.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();

    private static async Task MigrateToAsync(ServiceProvider provider, string migration)
    {
        await using var db = Open(provider);
        await db.GetService<IMigrator>().MigrateAsync(migration, Token);
    }

    private static async Task MigrateAsync(ServiceProvider provider)
    {
        await using var db = Open(provider);
        await db.MigrateAsync(Token);
    }

    /// <summary>The file has all of it then, and the log nothing.</summary>
    private void ExecuteInFile(params string[] statements)
    {
        SqliteConnection.ClearAllPools();
        using var connection = new SqliteConnection($"Data Source={SqliteFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        foreach (var statement in (string[])[.. statements, "PRAGMA wal_checkpoint(TRUNCATE)"])
        {
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }

    private bool FileHasCanary() => File.ReadAllBytes(SqliteFile).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0;
}
