using Microsoft.Data.Sqlite;
using ProfileService.Windows.Sqlite;

namespace ProfileService.Tests.Windows.Sqlite;

/// <summary>The file as an earlier version left it.</summary>
public sealed class SqliteWindowFileTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void FormerFileWhoseFirstStartFailedIsVacuumedByTheNext()
    {
        using (var former = Connect())
        {
            former.CreateFunction("known_here", (long x) => x, isDeterministic: true);
            Execute(former, """
                CREATE TABLE windows (user_id TEXT PRIMARY KEY, revision INTEGER, touched_at INTEGER, events BLOB);
                INSERT INTO windows VALUES ('u1', 1, 1, zeroblob(100000));
                DELETE FROM windows;
                CREATE INDEX odd ON windows (known_here(revision));
                """);
        }

        Assert.Throws<SqliteException>(Open); // VACUUM cannot make the index
        using var connection = Connect();
        Execute(connection, "DROP INDEX odd");
        Open();
        Assert.Equal(0L, Execute(connection, "PRAGMA freelist_count"));
    }

    private void Open()
    {
        try
        {
            new SqliteWindowFile(_directory.File("windows.db")).Dispose();
        }
        finally
        {
            SqliteConnection.ClearAllPools();
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("windows.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
