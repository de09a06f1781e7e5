using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Sqlite;

/// <summary>The contract of merged windows on SQLite.</summary>
public sealed class SqliteWindowMoverTests : WindowMoverContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        Task.FromResult(TestStores.OnFile(time, options));
}
