using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;
using ProfileService.Tests.Privacy;

namespace ProfileService.Tests.Cli;

[Needs(Need.Process)]
public sealed class ExportCommandTests
{
    [Fact]
    public async Task ExportIsPrintedLineByLineForAnyId()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1, user: "a/b", text: "größe 👟"));
        var (exitCode, output) = await CliProcess.RunAsync("export", "a/b", "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(0, exitCode);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal("a/b", lines[0].GetProperty("userId").GetString());
        Assert.Equal("größe 👟", lines.Single(IsOf("events")).GetProperty("text").GetString());
        Assert.Equal(lines.Count - 2, lines[^1].GetProperty("lines").GetInt32());

        static Func<JsonElement, bool> IsOf(string section) => line =>
            line.TryGetProperty("section", out var name) && name.GetString() == section;
    }

    [Fact]
    public async Task ExportThatLacksTheWindowSaysSoAndEndsWithOne()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1));
        service.Damage("u1");
        using var folder = new TempDirectory();
        var file = folder.File("u1.ndjson");
        var (exitCode, output) = await CliProcess.RunAsync(
            "export", "u1", "--output", file, "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(1, exitCode);
        Assert.Contains("lacks the user's events", output, StringComparison.Ordinal);
        Assert.Contains("\"unreadable\"", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileIsTheOwnersAloneAndAppearsWhenItIsWhole()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1));
        using var folder = new TempDirectory();
        var (file, url) = (folder.File("u1.ndjson"), service.Client.BaseAddress!.ToString());
        var (exitCode, output) = await CliProcess.RunAsync("export", "u1", "--output", file, "--url", url);
        Assert.Equal((0, ""), (exitCode, output));
        Assert.Contains("\"section\":\"end\"", File.ReadLines(file).Last(), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        (exitCode, output) = await CliProcess.RunAsync("export", "..", "--output", folder.File("none"), "--url", url);
        Assert.Equal(1, exitCode);
        Assert.Contains("must not be . or ..", output, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(folder.Path));
    }
}
