using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace ProfileService.Platform;

/// <summary>
/// The folder of the SQLite files, locked by one process at a time. The kernel holds the lock on a file that is never deleted, and releases
/// it when the process ends for any reason. Each file's integrity is checked before use, for at most <see cref="CheckFor"/>.
/// </summary>
internal sealed partial class StoredFiles(IOptions<DataOptions> options, TimeProvider time, ILogger<StoredFiles> logger) : IDisposable
{
    public const string Windows = "windows.db";
    public const string Profiles = "profiles.db";

    private const string LockFile = "service.lock";
    private const int StepsPerTimeCheck = 1_000;
    private const string Check = "PRAGMA quick_check(1)";
    private const string Whole = "ok";
    private static readonly int[] HeldByAnother = [11, 32, 35]; // error codes of Linux, Windows and macOS

    private readonly Dictionary<string, string> _files = [];
    private FileStream? _lock;

    public TimeSpan CheckFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A random id of the folder, in its lock file. Copies of the folder have it, too.</summary>
    public string Id
    {
        get
        {
            lock (_files)
                return IdIn(_lock ??= Take(options.Value.File(LockFile)));
        }
    }

    /// <summary>Locks the folder, checks a file and returns its path.</summary>
    /// <exception cref="OptionsValidationException">Another process uses the folder, or the file is damaged.</exception>
    public string File(string name)
    {
        lock (_files)
        {
            if (_files.TryGetValue(name, out var known))
                return known;
            var path = options.Value.File(name);
            _lock ??= Take(options.Value.File(LockFile));
            if (new FileInfo(path) is { Exists: true, Length: > 0 })
                CheckIntegrity(path);
            return _files[name] = path;
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static string IdIn(FileStream file)
    {
        if (file.Length == 0)
        {
            file.Write(Encoding.ASCII.GetBytes($"{Guid.NewGuid():N}"));
            file.Flush(flushToDisk: true);
        }

        file.Position = 0;
        using var reader = new StreamReader(file, leaveOpen: true);
        return reader.ReadToEnd();
    }

    private static FileStream Take(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (HeldByAnother.Contains(e.HResult & 0xffff))
        {
            throw Refused(
                $"Another process uses {Path.GetDirectoryName(path)}, and only one process may use SQLite's files. Stop it, or name "
                + "another folder by Data:Directory; for several processes set ConnectionStrings:Redis and ConnectionStrings:Postgres.");
        }
    }

    private void CheckIntegrity(string path)
    {
        try
        {
            if (FindDamage(path) is { } damage)
                throw Damaged(path, damage);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            LogNotFinished(path, CheckFor);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            throw Damaged(path, e.Message);
        }
    }

    private string? FindDamage(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        var began = time.GetTimestamp();
        raw.sqlite3_progress_handler(connection.Handle, StepsPerTimeCheck, _ => time.GetElapsedTime(began) >= CheckFor ? 1 : 0, null);
        using var command = connection.CreateCommand();
        command.CommandText = Check;
        return command.ExecuteScalar() is string found and not Whole ? found : null;
    }

    private static OptionsValidationException Damaged(string path, string damage) => Refused(
        $"{path} is damaged: {damage.ReplaceLineEndings(" ")} Move it, {path}-wal and {path}-shm away, and put a backup in its place "
        + "or start with an empty file. docs/operations.md, Damaged windows and files, says what is lost then.");

    private static OptionsValidationException Refused(string reason) => new("Data", typeof(DataOptions), [reason]);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Path} is large; its integrity check ended after {Span}. 'sqlite3 FILE \"PRAGMA quick_check\"' checks the whole file")]
    private partial void LogNotFinished(string path, TimeSpan span);
}
