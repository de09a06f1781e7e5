using Microsoft.Data.Sqlite;
using ProfileService.Platform;
using SQLitePCL;

namespace ProfileService.Windows.Sqlite;

/// <summary>
/// The file of windows and due users, in WAL mode. Writes run one after another, each in a transaction. A read on a connection of its own
/// (<see cref="Open"/>) never waits for them. SQLite works on the calling thread; therefore a write is asynchronous only while it waits
/// for its turn. Where another program has locked the file, a write waits <see cref="SqliteWindowSql.SecondsToWait"/> in all: those that
/// queue behind one that waits in vain fail with it.
/// </summary>
internal sealed class SqliteWindowFile : IDisposable
{
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Dictionary<string, SqliteCommand> _prepared = []; // of the writer
    private readonly SemaphoreSlim _turn = new(1);
    private SqliteTransaction? _transaction; // of the current write; disposed of between writes
    private int _vainWaits; // for the file, by those that had their turn; changed only in a turn

    public SqliteWindowFile(string file)
    {
        var settings = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = SqliteWindowSql.SecondsToWait };
        _connectionString = settings.ToString();
        _writer = Open();
        if (ReadNumber(SqliteWindowSql.IsFormer) != 0)
        {
            // Before Create, which makes the file a current one: if this start fails here, the next one vacuums.
            using var vacuum = Command(_writer, SqliteWindowSql.Vacuum);
            vacuum.ExecuteNonQuery();
        }

        using var create = Command(_writer, SqliteWindowSql.Create);
        create.ExecuteNonQuery();
    }

    /// <summary>Waits for earlier writes, then runs the write in a transaction.</summary>
    public Task<T> WriteAsync<T>(Func<T> write, CancellationToken cancellationToken) =>
        InTurnAsync(() =>
        {
            using var transaction = _transaction = _writer.BeginTransaction();
            var result = write();
            transaction.Commit();
            return result;
        }, cancellationToken);

    /// <summary>A compiled statement for a write. It is shared: run it before you request the same statement again.</summary>
    public SqliteCommand Prepared(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
            _prepared[sql] = command = Command(_writer, sql, parameters);
        foreach (var (name, value) in parameters)
            command.Parameters[name].Value = value;
        command.Transaction = _transaction;
        return command;
    }

    /// <summary>Opens a connection, which the caller disposes of.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var settings = Command(connection, SqliteWindowSql.Connection);
        settings.ExecuteNonQuery();
        return connection;
    }

    public static SqliteCommand Command(
        SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = new SqliteCommand(sql, connection);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }

    /// <summary>Moves the write-ahead log into the file and empties it. Writes wait meanwhile, for about a second at most.</summary>
    /// <exception cref="IOException">A reader kept the log from being emptied.</exception>
    public Task CheckpointAsync(CancellationToken cancellationToken) => CheckpointAsync(rewrites: false, cancellationToken);

    /// <summary>
    /// Rewrites every page first, then does the same: where SQLite moved rows to another page, the old page keeps a copy that secure_delete
    /// does not overwrite. Writes wait meanwhile, for longer the larger the file is.
    /// </summary>
    /// <exception cref="IOException">A reader kept the log from being emptied.</exception>
    public Task RewriteAsync(CancellationToken cancellationToken) => CheckpointAsync(rewrites: true, cancellationToken);

    private Task<bool> CheckpointAsync(bool rewrites, CancellationToken cancellationToken) =>
        InTurnAsync(() =>
        {
            using var connection = Open();
            if (rewrites)
            {
                using var vacuum = Command(connection, SqliteWindowSql.Vacuum);
                vacuum.ExecuteNonQuery();
            }

            using var brief = Command(connection, SqliteWindowSql.WaitBriefly);
            brief.ExecuteNonQuery();
            using var checkpoint = Command(connection, SqliteWindowSql.Checkpoint);
            return (long)checkpoint.ExecuteScalar()! == 0
                ? true
                : throw new IOException($"The write-ahead log of {StoredFiles.Windows} could not be emptied: a reader is using it.");
        }, cancellationToken);

    /// <exception cref="SqliteException">The file is locked, or was for one that has waited in vain since this one queued.</exception>
    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var before = Volatile.Read(ref _vainWaits);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _vainWaits == before
                ? Run()
                : throw new SqliteException($"{StoredFiles.Windows} is locked by another program.", raw.SQLITE_BUSY);
        }
        finally
        {
            _turn.Release();
        }

        T Run()
        {
            try
            {
                return work();
            }
            catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_BUSY)
            {
                _vainWaits++;
                throw;
            }
        }
    }

    /// <summary>Reads the one number that a statement returns.</summary>
    public long ReadNumber(string sql)
    {
        using var connection = Open();
        using var command = Command(connection, sql);
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _writer.Dispose();
        _turn.Dispose();
    }
}
