using ProfileService.Cli.Export;
using ProfileService.Client;

namespace ProfileService.Tests.Cli;

public sealed class ProfileExportFilesTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoSummaryVouchesForFilesOfWhichAPartWasReplaced()
    {
        await ExportAsync("ada");
        Assert.Equal(["ada"], await File.ReadAllLinesAsync(_folder.File("ids.txt"), Token));
        Assert.True(File.Exists(_folder.File("export.json")));

        File.Delete(_folder.File("ids.txt"));
        await Assert.ThrowsAnyAsync<IOException>(() => ExportAsync("ben", () => Directory.CreateDirectory(_folder.File("ids.txt"))));
        Assert.False(File.Exists(_folder.File("export.json")));
    }

    public void Dispose() => _folder.Dispose();

    private async Task ExportAsync(string user, Action? beforeTheEnd = null)
    {
        using var files = ProfileExportFiles.Open(new DirectoryInfo(_folder.Path), ProfileFormat.Npy, new Uri("http://localhost/"));
        files.Add(new ExportedProfiles([new ExportedVector(user, "p", 1, DateTimeOffset.UnixEpoch, new float[] { 1, 0 })], "1.0.0.0.0", "tiny/1", null));
        beforeTheEnd?.Invoke();
        await files.EndAsync(Token);
    }
}
