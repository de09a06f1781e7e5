using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Sqlite;

public sealed class SqliteSeenItemsTests : SeenItemsContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        Task.FromResult(TestStores.OnFile(time, options));
}
