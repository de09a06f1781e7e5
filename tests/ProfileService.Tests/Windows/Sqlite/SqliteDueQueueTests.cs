using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Sqlite;

/// <summary>The contract of the due queue on SQLite.</summary>
public sealed class SqliteDueQueueTests : DueQueueContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        Task.FromResult(TestStores.OnFile(time, options));
}
