using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProfileService.Platform;
using ProfileService.Windows.Codec;
using SQLitePCL;

namespace ProfileService.Windows.Sqlite;

/// <summary>Checks by a write whether events can be stored in the file of the windows.</summary>
internal sealed class SqliteWindowHealth(SqliteWindowFile file, SqliteWindowRows rows, TimeProvider time) : IHealthCheck
{
    // Result codes of SQLite.
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    private readonly Probe _probe = new(() => ProbeAsync(file, rows, time), time);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await _probe.RunAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is SqliteException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"No event can be stored in windows.db: {Reason(e)}");
        }
    }

    /// <summary>Writes a user like an append and removes it, in one committed transaction. Fails if an append would fail.</summary>
    private static Task ProbeAsync(SqliteWindowFile file, SqliteWindowRows rows, TimeProvider time) =>
        file.WriteAsync(() =>
        {
            var user = $"{Guid.NewGuid():N}";
            rows.Write(user, EncodedWindow.Empty(time.GetUtcNow()), rows.Now);
            rows.Drop(user);
            return user;
        }, CancellationToken.None);

    private static string Reason(Exception e) => (e as SqliteException)?.SqliteErrorCode switch
    {
        null or raw.SQLITE_BUSY => "the file does not answer. See that its disk does, and that no other program has it locked.",
        ReadOnly => "it cannot be written. See that the service may write the file and its folder (Data:Directory).",
        Corrupt or NotADatabase => "it is damaged. Stop the service, move it, FILE-wal and FILE-shm away, and put a copy in its place.",
        Full => "the disk is full. Make room.",
        _ => $"{e.Message} See the disk of Data:Directory.",
    };
}
