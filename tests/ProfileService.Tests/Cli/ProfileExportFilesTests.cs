using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Export;
using ProfileService.Client;

namespace ProfileService.Tests.Cli;

public sealed class ProfileExportFilesTests : IDisposable
{
    private static readonly Uri Url = new("http://localhost:8080");

    private readonly TempDirectory _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tiny/1", "a", "tiny/1", "a", true)]
    [InlineData("tiny/1", "a", "tiny/1", "b", false)]
    [InlineData("tiny/1", "a", "tiny/2", "a", false)]
    [InlineData("tiny/1", null, "tiny/1", "a", true)] // begun by an earlier version
    [InlineData("tiny/1", "a", "tiny/1", null, true)] // gone on with at an earlier service
    [InlineData("tiny/1", null, "tiny/2", null, false)]
    public void VectorsAreByOnePackageAlsoWhereAnExportGoesOn(string model, string? digest, string nextModel, string? nextDigest, bool isTaken)
    {
        using (var begun = Open())
            begun.Add(Page("ada", model, digest));
        using var files = Open();
        if (isTaken)
        {
            files.Add(Page("ben", nextModel, nextDigest));
            Assert.Equal((2, digest ?? nextDigest), (files.State.Profiles, files.State.Digest));
            return;
        }

        var refused = Assert.Throws<CommandException>(() => files.Add(Page("ben", nextModel, nextDigest)));
        Assert.Contains(nextDigest is null ? nextModel : $"{nextModel}@{nextDigest}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, files.State.Profiles);
    }

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

    private static ExportedProfiles Page(string user, string model, string? digest) =>
        new([new(user, "5c1e", 1, DateTimeOffset.UnixEpoch, new[] { 1f })], "1.0.0.0.0", model, Next: user) { Digest = digest };

    private ProfileExportFiles Open() => ProfileExportFiles.Open(new DirectoryInfo(_folder.Path), ExportFormat.Ndjson, Url);

    private async Task ExportAsync(string user, Action? beforeTheEnd = null)
    {
        using var files = ProfileExportFiles.Open(new DirectoryInfo(_folder.Path), ExportFormat.Npy, new Uri("http://localhost/"));
        files.Add(new ExportedProfiles([new ExportedVector(user, "p", 1, DateTimeOffset.UnixEpoch, new float[] { 1, 0 })], "1.0.0.0.0", "tiny/1", null));
        beforeTheEnd?.Invoke();
        await files.EndAsync(Token);
    }
}
