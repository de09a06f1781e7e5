using System.Text;
using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

[Needs(Need.Process)]
public sealed class ProfileExportCommandTests : IDisposable
{
    private readonly TestService _service = new();
    private readonly TempDirectory _folder = new();

    private string Url => _service.Client.BaseAddress!.ToString();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MatrixAndIdsHaveTheSameRows()
    {
        await FillAsync("ada", "größe", "a/b");
        var (exitCode, output) = await CliProcess.RunAsync("export", "--profiles", _folder.Path, "--url", Url);
        Assert.Equal(0, exitCode);
        Assert.Contains("3 profiles by tiny/1", output, StringComparison.Ordinal);
        Assert.Equal(["export.json", "ids.txt", "pseudonyms.txt", "vectors.npy"], FilesInFolder());
        string[] users = ["a/b", "ada", "größe"];
        Assert.Equal(users, await File.ReadAllLinesAsync(_folder.File("ids.txt"), Token));
        Assert.Equal(3, (await File.ReadAllLinesAsync(_folder.File("pseudonyms.txt"), Token)).Distinct().Count());

        var bytes = await File.ReadAllBytesAsync(_folder.File("vectors.npy"), Token);
        const string head = "NUMPY\u0001\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (3, 16), }";
        Assert.StartsWith(head, Encoding.ASCII.GetString(bytes, 1, 127), StringComparison.Ordinal);
        Assert.Equal(128 + (3 * 16 * 4), bytes.Length);
        var lookup = await _service.GetAsync($"/v1/users/{Uri.EscapeDataString(users[2])}/profile", ("Accept", "application/octet-stream"));
        Assert.Equal(lookup.Body, bytes[^64..]);

        var what = JsonElement.Parse(await File.ReadAllTextAsync(_folder.File("export.json"), Token));
        Assert.Equal(("tiny/1", 3), (what.GetProperty("model").GetString(), what.GetProperty("profiles").GetInt32()));
        Assert.Equal(200, (await _service.GetAsync($"/v1/profiles/changes?after={what.GetProperty("cursor").GetString()}")).Status);
    }

    [Fact]
    public async Task InterruptedExportGoesOnAfterTheLastStateThatWasKept()
    {
        await FillAsync("ada", "ben", "cy");
        Assert.Equal(0, (await CliProcess.RunAsync("export", "--profiles", _folder.Path, "--format", "ndjson", "--url", Url)).ExitCode);
        var lines = await File.ReadAllLinesAsync(_folder.File("profiles.ndjson"), Token);
        Assert.Equal(["ada", "ben", "cy"], lines.Select(line => JsonElement.Parse(line).GetProperty("userId").GetString()));

        // As a run leaves them that ended after ada, in the middle of a line.
        await File.WriteAllTextAsync(_folder.File("profiles.ndjson.part"), $"{lines[0]}\n{lines[1][..20]}", Token);
        var kept = $$"""
            {"service":"{{Url}}","cursor":"1.0.0.0","model":"tiny/1","dimension":16,"profiles":1,"after":"ada","lengths":[{{lines[0].Length + 1}}]}
            """;
        await File.WriteAllTextAsync(_folder.File("ndjson.part.json"), kept, Token);
        var (exitCode, output) = await CliProcess.RunAsync("export", "--profiles", _folder.Path, "--format", "ndjson", "--url", Url);
        Assert.Equal(0, exitCode);
        Assert.Contains("Going on after 1 profiles", output, StringComparison.Ordinal);
        Assert.Equal(lines, await File.ReadAllLinesAsync(_folder.File("profiles.ndjson"), Token));
        Assert.Equal(["export.json", "profiles.ndjson"], FilesInFolder());
        var what = JsonElement.Parse(await File.ReadAllTextAsync(_folder.File("export.json"), Token));
        Assert.Equal("1.0.0.0", what.GetProperty("cursor").GetString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("short")]
    public async Task StateWithoutItsFilesIsNotGoneOnWith(string? part)
    {
        await FillAsync("ada", "ben");
        foreach (var name in (string[])["vectors.npy", "ids.txt", "pseudonyms.txt"])
        {
            if (part is not null)
                await File.WriteAllTextAsync(_folder.File($"{name}.part"), part, Token);
        }

        var kept = $$"""{"service":"{{Url}}","cursor":"1.0.0.0","model":"tiny/1","dimension":16,"profiles":1,"after":"ada","lengths":[192,4,65]}""";
        await File.WriteAllTextAsync(_folder.File("npy.part.json"), kept, Token);
        Assert.Equal(0, (await CliProcess.RunAsync("export", "--profiles", _folder.Path, "--url", Url)).ExitCode);
        Assert.Equal(["ada", "ben"], await File.ReadAllLinesAsync(_folder.File("ids.txt"), Token));
        var bytes = await File.ReadAllBytesAsync(_folder.File("vectors.npy"), Token);
        Assert.Contains(bytes[128..192], b => b != 0);
        Assert.Equal((byte)'{', (await File.ReadAllBytesAsync(_folder.File("export.json"), Token))[0]); // no mark of order, which Python's json refuses
        Assert.Equal(["export.json", "ids.txt", "pseudonyms.txt", "vectors.npy"], FilesInFolder());
    }

    [Fact]
    public async Task FolderTakesOneExportOfOneServiceAtATime()
    {
        await FillAsync("ada");
        using (File.Open(_folder.File("export.lock"), FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var (busy, said) = await CliProcess.RunAsync("export", "--profiles", _folder.Path, "--url", Url);
            Assert.Equal(1, busy);
            Assert.Contains("Another export writes into", said, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(_folder.File("profiles.ndjson.part"), "line\n", Token);
        var kept = """{"service":"http://elsewhere/","cursor":"1.0.0.0.0","model":"tiny/1","dimension":16,"profiles":1,"after":"ada","lengths":[5]}""";
        await File.WriteAllTextAsync(_folder.File("ndjson.part.json"), kept, Token);
        var (other, output) = await CliProcess.RunAsync("export", "--profiles", _folder.Path, "--format", "ndjson", "--url", Url);
        Assert.Equal(1, other);
        Assert.Contains("http://elsewhere/", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    public async Task DamagedStateIsNamedWithWhatToDo(string kept)
    {
        await File.WriteAllTextAsync(_folder.File("npy.part.json"), kept, Token);
        var (exitCode, output) = await CliProcess.RunAsync("export", "--profiles", _folder.Path, "--url", Url);
        Assert.Equal(1, exitCode);
        Assert.Contains("npy.part.json is damaged. Delete it, and the export begins anew.", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _service.Dispose();
        _folder.Dispose();
    }

    private IEnumerable<string?> FilesInFolder() => Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order();

    private async Task FillAsync(params string[] users)
    {
        foreach (var user in users)
        {
            await _service.AcceptAsync(Event(1, user));
            Assert.Equal(200, (await _service.FreshAsync(user)).Status);
        }
    }
}
