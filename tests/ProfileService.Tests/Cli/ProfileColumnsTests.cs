using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Export;
using ProfileService.Cli.Export.Columns;
using ProfileService.Client;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

/// <summary>Files of columns, read by npm's apache-arrow and hyparquet.</summary>
[Needs(Need.Process)]
public sealed class ProfileColumnsTests : IDisposable
{
    private readonly TestService _service = new();
    private readonly TempDirectory _folder = new();

    private Uri Url => _service.Client.BaseAddress!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public async Task FileHasEveryValueOfTheExport(string format)
    {
        string[] users = ["ada", "größe", "a/b", "\uFF5E", "\U0001F600"];
        await FillAsync(users);
        var (exitCode, output) = await ExportAsync(format);
        Assert.True(exitCode == 0, output);
        Assert.Equal(["export.json", $"profiles.{format}"], FilesInFolder());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File($"profiles.{format}")));

        var (about, rows) = await ExportedColumns.ReadAsync(_folder.File($"profiles.{format}"));
        Assert.Equal(users.Length, rows.Count);
        Assert.Equal(await ExportedColumns.OfServiceAsync(_service), rows);
        Assert.Equal(ExportedColumns.Types(format, 16), about.Types);
        Assert.Equal([users.Length], about.Groups);
        var what = await ExportJsonAsync();
        var metadata = new Dictionary<string, string>
        {
            ["model"] = "tiny/1",
            ["dimension"] = "16",
            ["cursor"] = what.GetProperty("cursor").GetString()!,
        };
        Assert.Equal(metadata, about.Metadata);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public async Task ExportOfNobodyHasColumnsAndTheDimension(string format)
    {
        var (exitCode, output) = await ExportAsync(format);
        Assert.True(exitCode == 0, output);
        var (about, rows) = await ExportedColumns.ReadAsync(_folder.File($"profiles.{format}"));
        Assert.Empty(rows);
        Assert.Empty(about.Groups);
        Assert.Equal(ExportedColumns.Types(format, 16), about.Types);
        Assert.Equal("16", about.Metadata["dimension"]);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public async Task InterruptedExportGoesOnAndLeavesNoParts(string format)
    {
        await FillAsync("ada", "ben", "cy");
        Assert.Equal(0, (await ExportAsync("ndjson")).ExitCode);
        var lines = await File.ReadAllLinesAsync(_folder.File("profiles.ndjson"), Token);
        File.Delete(_folder.File("profiles.ndjson"));

        // As a run leaves them that ended after ada; beside them, what one left that made the file, and one of a matrix.
        await File.WriteAllTextAsync(_folder.File("profiles.ndjson.part"), $"{lines[0]}\n{lines[1][..20]}", Token);
        var kept = new ProfileExportState($"{Url}", "1.0.0.0", "tiny/1", Dimension: 16, Profiles: 1, "ada", [lines[0].Length + 1]);
        kept.Write(_folder.File("ndjson.part.json"));
        string[] others = ["vectors.npy.part", "ids.txt.part", "pseudonyms.txt.part", "npy.part.json"];
        foreach (var name in others.Append($"profiles.{format}.part"))
            await File.WriteAllTextAsync(_folder.File(name), "{}", Token);

        var (exitCode, output) = await ExportAsync(format);
        Assert.Equal(0, exitCode);
        Assert.Contains("Going on after 1 profiles", output, StringComparison.Ordinal);
        Assert.Equal(["export.json", $"profiles.{format}"], FilesInFolder());
        var (about, rows) = await ExportedColumns.ReadAsync(_folder.File($"profiles.{format}"));
        Assert.Equal(await ExportedColumns.OfServiceAsync(_service), rows);
        Assert.Equal("1.0.0.0", about.Metadata["cursor"]);
    }

    [Fact]
    public async Task ExportThatWasInterruptedWhileItsFileWasMadeMakesItAgain()
    {
        var folder = new DirectoryInfo(_folder.Path);
        ExportedVector[] profiles =
        [
            new("ada", "5c1e", 1, DateTimeOffset.UnixEpoch, new[] { float.MaxValue, -0f }),
            new("ben", "9b02", 2, DateTimeOffset.UnixEpoch, new[] { float.Epsilon, -1 }),
        ];
        using (var files = ProfileExportFiles.Open(folder, ExportFormat.Parquet, Url))
        {
            files.Add(new ExportedProfiles(profiles, "1.0.0.0", "tiny/1", Next: null));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => files.EndAsync(new CancellationToken(canceled: true)));
        }

        Assert.Equal(["ndjson.part.json", "profiles.ndjson.part"], FilesInFolder());
        using (var files = ProfileExportFiles.Open(folder, ExportFormat.Parquet, Url))
        {
            Assert.True(files.AreWhole);
            await files.EndAsync(Token);
        }

        Assert.Equal(["export.json", "profiles.parquet"], FilesInFolder());
        Assert.Equal(profiles.Select(ExportedColumns.Row), (await ExportedColumns.ReadAsync(_folder.File("profiles.parquet"))).Rows);
    }

    [Fact]
    public async Task FilesOfOtherFormatsStayAndExportJsonNamesItsOwn()
    {
        await FillAsync("ada");
        foreach (var format in ExportFormat.All)
        {
            Assert.Equal(0, (await ExportAsync(format.Name)).ExitCode);
            var what = await ExportJsonAsync();
            Assert.Equal(format.Files, what.GetProperty("files").EnumerateArray().Select(name => name.GetString()));
            var lengths = format.Files.Select(name => new FileInfo(_folder.File(name)).Length);
            Assert.Equal(lengths, what.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt64()));
        }

        Assert.Equal(ExportFormat.All.SelectMany(format => format.Files).Append("export.json").Order(), FilesInFolder());
    }

    [Fact]
    public async Task OtherFormatsAreRefusedAndTheirNamesTold()
    {
        var (exitCode, output) = await ExportAsync("csv");
        Assert.Equal(1, exitCode);
        Assert.All(ExportFormat.All, format => Assert.Contains($"'{format.Name}'", output, StringComparison.Ordinal));
        Assert.Empty(FilesInFolder());
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public async Task RowsAreWrittenInGroupsOfTenThousand(string format)
    {
        const int dimension = 12; // not a multiple of 8
        var profiles = Synthetic(25_000, dimension);
        var lines = profiles.Select(profile => JsonSerializer.Serialize(profile, JsonSerializerOptions.Web));
        await File.WriteAllLinesAsync(_folder.File("lines"), lines, Token);
        var (export, file) = (new ProfileExportState(Model: "tiny/1", Dimension: dimension), _folder.File($"profiles.{format}"));
        await ProfileColumns.WriteAsync(FormatOf(format), export, _folder.File("lines"), file, Token);
        var (about, rows) = await ExportedColumns.ReadAsync(file);
        Assert.Equal([10_000, 10_000, 5_000], about.Groups);
        Assert.Equal(profiles.Select(ExportedColumns.Row), rows);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public async Task NoGroupOfRowsIsReadBeforeTheOneBeforeIsWritten(string format)
    {
        const int rows = 1_000;
        using var file = new MemoryStream();
        var written = new List<long>();
        async IAsyncEnumerable<ExportedVector[]> Groups()
        {
            for (var i = 0; i < 5; i++)
            {
                written.Add(file.Length);
                yield return Synthetic(rows, 16);
                await Task.Yield();
            }
        }

        await FormatOf(format).WriteColumns!(file, new ProfileExportState(Dimension: 16), Groups(), Token);
        Assert.All(written.Zip(written.Skip(1)), pair => Assert.True(pair.Second - pair.First >= rows * 16 * sizeof(float)));
    }

    [Fact]
    public async Task VectorsOfDifferentLengthsAreRefused()
    {
        var profiles = Synthetic(3, 4);
        await File.WriteAllLinesAsync(
            _folder.File("lines"), profiles.Select(profile => JsonSerializer.Serialize(profile, JsonSerializerOptions.Web)), Token);
        var export = new ProfileExportState(Dimension: 5);
        foreach (var format in (ExportFormat[])[ExportFormat.Parquet, ExportFormat.Arrow])
        {
            await Assert.ThrowsAsync<CommandException>(
                () => ProfileColumns.WriteAsync(format, export, _folder.File("lines"), _folder.File("file"), Token));
        }

        Assert.Equal(["lines"], FilesInFolder());
    }

    public void Dispose()
    {
        _service.Dispose();
        _folder.Dispose();
    }

    private static ExportFormat FormatOf(string name) => ExportFormat.All.Single(format => format.Name == name);

    private static ExportedVector[] Synthetic(int count, int dimension) =>
    [
        .. Enumerable.Range(0, count).Select(i => new ExportedVector(
            $"größe-{i}",
            $"{i:x8}",
            long.MaxValue - i,
            DateTimeOffset.UnixEpoch.AddTicks(i * 17_000_000_000_001L),
            Enumerable.Range(0, dimension).Select(j => MathF.Sin((i * dimension) + j)).ToArray())),
    ];

    private Task<(int ExitCode, string Output)> ExportAsync(string format) =>
        CliProcess.RunAsync("export", "--profiles", _folder.Path, "--format", format, "--url", Url.ToString());

    private IEnumerable<string?> FilesInFolder() => Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order();

    private async Task<JsonElement> ExportJsonAsync() => JsonElement.Parse(await File.ReadAllTextAsync(_folder.File("export.json"), Token));

    private async Task FillAsync(params string[] users)
    {
        foreach (var user in users)
        {
            await _service.AcceptAsync(Event(1, user));
            Assert.Equal(200, (await _service.FreshAsync(user)).Status);
        }
    }
}
