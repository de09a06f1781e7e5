using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using ProfileService.Platform;

namespace ProfileService.Profiles;

/// <summary>
/// Detects that windows.db does not belong to profiles.db, for example because it was deleted, emptied or replaced by another service's.
/// Both files contain the same random id, in the header field that SQLite reserves for applications (application_id). Copies of a file have
/// its id, so that an older copy is not detected.
/// </summary>
internal sealed partial class StoredPairStart(StoredFiles folder, ILogger<StoredPairStart> logger) : IHostedService
{
    private const string HasProfiles = "SELECT EXISTS (SELECT 1 FROM profiles)";
    private const string HasWindows = "SELECT EXISTS (SELECT 1 FROM windows)";
    private const string Id = "PRAGMA application_id";

    /// <summary>Whether the files did not belong together when this process started. From then on, they do.</summary>
    public bool IsMismatched { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        using var windows = Open(folder.File(StoredFiles.Windows));
        using var profiles = Open(folder.File(StoredFiles.Profiles));
        var (ofWindows, ofProfiles) = (Run(windows, Id), Run(profiles, Id));
        if (ofWindows != 0 && ofWindows == ofProfiles)
            return Task.CompletedTask;
        // Files of a former version have no ids. Then only missing windows are detected.
        IsMismatched = Run(profiles, HasProfiles) != 0 && (ofWindows != ofProfiles || Run(windows, HasWindows) == 0);
        if (IsMismatched)
            LogParted(windows.DataSource, profiles.DataSource);
        var id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        Run(windows, $"{Id} = {id}");
        Run(profiles, $"{Id} = {id}");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Runs a statement; returns the number that it returns, or 0.</summary>
    private static long Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "WINDOWS ARE MISSING. {Windows} is not the file that {Profiles} was kept with: it was emptied, deleted or replaced. " +
            "The profiles are answered as they are; a user's window begins anew with its next event, and its profile is then computed " +
            "from that alone. To keep the history, stop the service now, move both files away, with FILE-wal and FILE-shm, and put both " +
            "files of one backup in their place")]
    private partial void LogParted(string windows, string profiles);
}
