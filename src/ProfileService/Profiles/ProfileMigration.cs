using Microsoft.EntityFrameworkCore;

namespace ProfileService.Profiles;

/// <summary>Brings the tables up to date before anything that is registered after it starts.</summary>
internal sealed class ProfileMigration(IDbContextFactory<ProfileDbContext> contexts) : IHostedService
{
    // Kept in the file. Without it lookups and the refresh lock each other out, 150 ms at a time.
    private const string ReadWhileWriting = "PRAGMA journal_mode = WAL";

    // EF Core guards a SQLite migration by a row that a killed process leaves behind, and then waits for it for ever. The file belongs
    // to one service, so a row found at its start is such a remainder.
    private const string ForgetLeftLock = """DELETE FROM "__EFMigrationsLock" """;
    private const string HasLockTable = "SELECT count(*) AS \"Value\" FROM sqlite_master WHERE name = '__EFMigrationsLock'";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(ReadWhileWriting, cancellationToken);
        if (!(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            return;
        if (await db.Database.SqlQueryRaw<int>(HasLockTable).SingleAsync(cancellationToken) > 0)
            await db.Database.ExecuteSqlRawAsync(ForgetLeftLock, cancellationToken);
        await db.Database.MigrateAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
