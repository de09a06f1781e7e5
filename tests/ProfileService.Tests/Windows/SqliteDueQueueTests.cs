using ProfileService.Windows;

namespace ProfileService.Tests.Windows;

/// <summary>The contract of the due queue on SQLite.</summary>
public sealed class SqliteDueQueueTests : DueQueueContract
{
    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) => Task.FromResult(TestStores.OnFile(time, options));
}
