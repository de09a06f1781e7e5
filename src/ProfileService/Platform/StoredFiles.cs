using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SQLitePCL;

namespace ProfileService.Platform;

/// <summary>
/// The folder of the SQLite files, held by one process at a time. The lock is the kernel's, on a file that stays: it ends with the process, however
/// that ends. Each file is looked over before it is used, as long as <see cref="CheckFor"/>.
/// </summary>
internal sealed partial class StoredFiles(IOptions<DataOptions> options, TimeProvider time, ILogger<StoredFiles> logger) : IDisposable
{
    public const string Windows = "windows.db";
    public const string Profiles = "profiles.db";

    private const string LockFile = "service.lock";
    private const int StepsBetweenLooks = 1_000; // at the clock
    private const string Check = "PRAGMA quick_check(1)";
    private const string Whole = "ok";
    private static readonly int[] HeldByAnother = [11, 32, 35]; // of Linux, Windows and macOS

    private readonly Dictionary<string, string> _files = [];
    private FileStream? _lock;

    public TimeSpan CheckFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A file's path.</summary>
    /// <exception cref="OptionsValidationException">Another process holds the folder, or the file is damaged.</exception>
    public string File(string name)
    {
        lock (_files)
        {
            if (_files.TryGetValue(name, out var known))
                return known;
            var path = options.Value.File(name);
            _lock ??= Take(options.Value.File(LockFile));
            if (new FileInfo(path) is { Exists: true, Length: > 0 })
                LookOver(path);
            return _files[name] = path;
        }
    }

    public void Dispose() => _lock?.Dispose();

    private static FileStream Take(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (HeldByAnother.Contains(e.HResult & 0xffff))
        {
            throw Refused($"Another process uses {Path.GetDirectoryName(path)}, and SQLite's files are of one. Stop it, or name another folder by Data:Directory; for several processes set ConnectionStrings:Redis and ConnectionStrings:Postgres.");
        }
    }

    private void LookOver(string path)
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
        raw.sqlite3_progress_handler(connection.Handle, StepsBetweenLooks, _ => time.GetElapsedTime(began) >= CheckFor ? 1 : 0, null);
        using var command = connection.CreateCommand();
        command.CommandText = Check;
        return command.ExecuteScalar() is string found and not Whole ? found : null;
    }

    private static OptionsValidationException Damaged(string path, string damage) => Refused(
        $"{path} is damaged: {damage.ReplaceLineEndings(" ")} Put a copy of it in its place, or move it away so that it begins anew: docs/operations.md, Damaged windows and files, says what that costs.");

    private static OptionsValidationException Refused(string reason) => new("Data", typeof(DataOptions), [reason]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} was looked over for {Span} only, for it is large: 'sqlite3 FILE \"PRAGMA quick_check\"' does it whole")]
    private partial void LogNotFinished(string path, TimeSpan span);
}
