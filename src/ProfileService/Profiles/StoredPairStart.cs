using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using ProfileService.Platform;

namespace ProfileService.Profiles;

/// <summary>
/// Notices that the windows.db beside profiles.db is not the one that its profiles are of, as where it was deleted, emptied or is of another
/// backup. Both files have one number, in the header field that SQLite leaves to applications (application_id).
/// </summary>
internal sealed partial class StoredPairStart(StoredFiles folder, ILogger<StoredPairStart> logger) : IHostedService
{
    private const string HasProfiles = "SELECT EXISTS (SELECT 1 FROM profiles)";
    private const string HasWindows = "SELECT EXISTS (SELECT 1 FROM windows)";
    private const string ReadId = "PRAGMA application_id";

    /// <summary>Whether it was so when this process started; the new file is taken as the profiles' own from then on.</summary>
    public bool IsParted { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        using var windows = Open(folder.File(StoredFiles.Windows));
        using var profiles = Open(folder.File(StoredFiles.Profiles));
        var (ofWindows, ofProfiles) = (Ask(windows, ReadId), Ask(profiles, ReadId));
        if (ofWindows != 0 && ofWindows == ofProfiles)
            return Task.CompletedTask;
        // Files of a former version have no number: then only windows that are all gone tell.
        IsParted = Ask(profiles, HasProfiles) != 0 && (ofWindows != ofProfiles ? ofProfiles != 0 || ofWindows != 0 : Ask(windows, HasWindows) == 0);
        if (IsParted)
            LogParted(windows.DataSource, profiles.DataSource);
        var id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
        Ask(windows, $"{ReadId} = {id}");
        Ask(profiles, $"{ReadId} = {id}");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static long Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long number ? number : 0;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "WINDOWS ARE MISSING. {Windows} is not the file that {Profiles} was kept with: it was emptied, deleted or replaced. The profiles are answered as they are; a user's window begins anew with its next event, and its profile is then computed from that alone. To keep the history, stop the service now and put both files of one backup in their place")]
    private partial void LogParted(string windows, string profiles);
}
