using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Sqlite;

/// <summary>The contract of windows on SQLite.</summary>
public sealed class SqliteWindowEraserTests : WindowEraserContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        Task.FromResult(TestStores.OnFile(time, options));
}
