using Microsoft.Data.Sqlite;
using ProfileService.Attribution;
using ProfileService.Windows.Sqlite;

namespace ProfileService.Tests.Attribution;

public sealed class SqliteOutcomeStoreTests : OutcomeStoreContract
{
    private readonly TempDirectory _directory = new();
    private SqliteWindowFile? _file;

    public override ValueTask DisposeAsync()
    {
        _file?.Dispose();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override Task<IOutcomeStore> CreateAsync()
    {
        _file = new SqliteWindowFile(_directory.File("windows.db"));
        return Task.FromResult<IOutcomeStore>(new SqliteOutcomeStore(_file));
    }
}
