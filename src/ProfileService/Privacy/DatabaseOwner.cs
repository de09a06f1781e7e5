using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Privacy;

/// <summary>
/// Which process uses the database in Postgres, if its windows are in SQLite. Another process would keep other windows of the same users,
/// and each would overwrite the profiles of the other.
/// </summary>
internal sealed partial class DatabaseOwner(
    IDbContextFactory<ProfileDbContext> contexts, StoredFiles folder, ILogger<DatabaseOwner> logger) : IHealthCheck
{
    private volatile string? _problem; // if another process uses the database
    private bool _isTaken;

    /// <summary>The name of this process's record. It stays the same when a process is started again on the same folder.</summary>
    public string Process { get; } =
        $"{Environment.MachineName}, {Path.GetDirectoryName(Path.GetFullPath(folder.File(StoredFiles.Windows)))}, {folder.Id}";

    /// <summary>What to do if another process uses the database, too.</summary>
    public static string Advice(ErasureWatcher other) =>
        $"Windows lie in this process's SQLite: another process uses the same Postgres ({other.Process}). "
        + "Set ConnectionStrings:Redis for several processes, or stop the other.";

    /// <summary>
    /// Records that this process is alive, unless another one is. Processes that do this at the same time take turns; the lock belongs to
    /// the transaction, because a pooler in transaction mode would leave a session's lock behind.
    /// </summary>
    /// <param name="sequence">Up to where this process has followed the ledger.</param>
    /// <returns>The record of the other process, or null.</returns>
    public async Task<ErasureWatcher?> TakeAsync(long sequence, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var other = await db.WriteAsync(async () =>
        {
            await db.Database.ExecuteSqlRawAsync(PostgresProfileDbContext.TakeOwnerLock, cancellationToken);
            var found = await ErasureWatch.Alive(db).Where(w => w.Process != Process).OrderByDescending(w => w.SeenAt)
                .FirstOrDefaultAsync(cancellationToken);
            if (found is null)
                await ErasureWatch.RecordAsync(db, Process, sequence, cancellationToken);
            return found;
        }, isAlone: false, cancellationToken);
        Note(other);
        return other;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is { } problem ? HealthCheckResult.Unhealthy(problem) : HealthCheckResult.Healthy());

    private void Note(ErasureWatcher? other)
    {
        var before = _problem;
        _problem = other is null ? null : Advice(other);
        _isTaken |= other is null;
        if (_isTaken && _problem is not null && before is null)
            LogShared(_problem);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "This process is not ready. {Advice}")]
    private partial void LogShared(string advice);
}
