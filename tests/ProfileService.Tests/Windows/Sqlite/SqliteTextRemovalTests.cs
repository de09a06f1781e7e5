using ProfileService.Windows;

namespace ProfileService.Tests.Windows.Sqlite;

/// <summary>The contract of texts that go, on SQLite.</summary>
public sealed class SqliteTextRemovalTests : TextRemovalContract, IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private protected override Task<TestStores> CreateAsync(TimeProvider time, WindowOptions options) =>
        Task.FromResult(TestStores.Sqlite(_directory.File("windows.db"), time, options));

    private protected override Task<byte[]> ReadAllAsync() =>
        Task.FromResult(Directory.GetFiles(_directory.Path).SelectMany(LiveFile.Read).ToArray());
}
