using Microsoft.Data.Sqlite;
using ProfileService.Windows.Sqlite;
using SQLitePCL;

namespace ProfileService.Tests.Windows.Sqlite;

/// <summary>The file as an earlier version left it, and as another program locks it.</summary>
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

    [Fact]
    public async Task WritersThatQueueBehindOneThatWaitsInVainFailWithIt()
    {
        using var file = new SqliteWindowFile(_directory.File("windows.db"));
        using var other = Connect();
        Execute(other, "BEGIN IMMEDIATE");
        var writers = Enumerable.Range(0, 4).Select(_ => OnAThreadOfItsOwn(() => file.WriteAsync(() => 1, TestContext.Current.CancellationToken))).ToList();
        await Task.WhenAny(writers);
        Execute(other, "ROLLBACK"); // whoever tried the file now would find it free
        foreach (var writer in writers)
            Assert.Equal(raw.SQLITE_BUSY, (await Assert.ThrowsAsync<SqliteException>(() => writer)).SqliteErrorCode);
        Assert.Equal(1, await file.WriteAsync(() => 1, TestContext.Current.CancellationToken));
    }

    // Each waits for the file on its thread. In a busy pool, one could begin when the first has failed already.
    private static Task<int> OnAThreadOfItsOwn(Func<Task<int>> write) =>
        Task.Factory.StartNew(write, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

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
