using Microsoft.Data.Sqlite;

namespace ProfileService.Windows.Sqlite;

/// <summary>
/// The file of windows and due users, in WAL mode. Writers take turns in one transaction each; readers never wait for them.
/// SQLite does its work on the calling thread, so a write completes before it returns except for the wait for its turn.
/// </summary>
internal sealed class SqliteWindowFile : IDisposable
{
    private const int SecondsToWait = 5; // for another process that has the file locked

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Dictionary<string, SqliteCommand> _prepared = []; // of the writer
    private readonly SemaphoreSlim _turn = new(1);
    private SqliteTransaction? _transaction; // the current one

    public SqliteWindowFile(string file)
    {
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = SecondsToWait }.ToString();
        _writer = Open();
        using var create = Command(_writer, SqliteWindowSchema.Create);
        create.ExecuteNonQuery();
    }

    /// <summary>Runs a write in its turn and in one transaction.</summary>
    public async Task<T> WriteAsync<T>(Func<T> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var transaction = _transaction = _writer.BeginTransaction();
            var result = write();
            transaction.Commit();
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A statement of a write, compiled once; to be run before it is asked for again.</summary>
    public SqliteCommand Prepared(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
            _prepared[sql] = command = Command(_writer, sql, parameters);
        foreach (var (name, value) in parameters)
            command.Parameters[name].Value = value;
        command.Transaction = _transaction;
        return command;
    }

    /// <summary>A connection to read by.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var settings = Command(connection, SqliteWindowSchema.Connection);
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
