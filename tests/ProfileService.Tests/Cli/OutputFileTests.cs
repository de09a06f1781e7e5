using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

/// <summary>What is at the place of a file that a command writes stays what it is: a device, a pipe, a link.</summary>
[Needs(Need.Process)]
public sealed class OutputFileTests(TestService service) : IClassFixture<TestService>, IDisposable
{
    private const string End = "\"section\":\"end\"";

    private static int _events;

    private readonly TempDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("profiles export u1 --output l", "ln -s folder/target l; echo old > folder/target", "folder/target")]
    [InlineData("profiles export u1 --output l", "ln -s folder/new l", "folder/new")]
    [InlineData("profiles export u1 --output l", "ln -s m l; ln -s folder/target m", "folder/target")]
    [InlineData("profiles export u1 --output other/l", "ln -s folder/deep other; ln -s ../target folder/deep/l", "folder/target")]
    [InlineData("profiles export --profiles out --format ndjson", "mkdir out; ln -s ../folder/target out/profiles.ndjson", "folder/target")]
    [InlineData("profiles export --purpose train --output l --ids", "ln -s folder/target l", "folder/target")]
    public async Task OfALinkTheFileIsWrittenThatItPointsAt(string command, string before, string written)
    {
        var (exitCode, output, error) = await RunAsync($"{before}; {command} --url $url; rc=$?; find . -type l | wc -l; find . -name '*.part'; exit $rc");
        Assert.True(exitCode == 0, output + error);
        Assert.Contains($"\n{before.Split("ln -s").Length - 1}\n", $"\n{output}", StringComparison.Ordinal); // the links are there still
        Assert.EndsWith("\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain(".part", output, StringComparison.Ordinal);
        Assert.Contains("\"u1\"", await File.ReadAllTextAsync(_files.File(written), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo p; cat p > got & profiles export u1 --output p --url $url && wait $! && [ -p p ] && cat got")]
    [InlineData("mkfifo p; ln -s p l; cat p > got & profiles export u1 --output l --url $url && wait $! && [ -p p ] && cat got")]
    [InlineData("profiles export u1 --output /dev/stdout --url $url")]
    [InlineData("profiles export u1 --output /dev/stdout --url $url > got && cat got")]
    [InlineData("profiles export u1 --output /dev/fd/1 --url $url | cat")]
    [InlineData("exec 3>&1; profiles export u1 --output >(cat >&3) --url $url | cat; wait")]
    [InlineData("echo before > got; profiles export u1 --output /dev/fd/3 --url $url 3>> got && grep -q before got && cat got")]
    public async Task PipeIsWrittenInto(string script)
    {
        var (exitCode, output, error) = await RunAsync(script);
        Assert.True(exitCode == 0, output + error);
        Assert.Contains(End, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeviceStaysOne()
    {
        var (exitCode, output, error) = await RunAsync("""
            mknod full c 1 7 && : > full || { echo "no nodes here"; exit; }
            profiles export u1 --output full --url $url; rc=$?
            stat -c %F full; exit $rc
            """);
        if (output.Contains("no nodes here", StringComparison.Ordinal))
            Assert.Skip("mknod, or a device in a temporary folder, is not permitted.");
        Assert.True(exitCode == 1, output + error);
        Assert.Contains("The export stopped: No space left on device", error, StringComparison.Ordinal);
        Assert.Contains("character special file", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo p; profiles export --purpose train --output p --url $url", "p is a device or a pipe")]
    [InlineData("mkdir out; mkfifo out/ids.txt; profiles export --profiles out --url $url", "out/ids.txt is a device or a pipe")]
    [InlineData("ln -s a b; ln -s b a; profiles export u1 --output a --url $url", "a is a link that leads in a circle.")]
    [InlineData("profiles export u1 --output a/ --url $url", "There is no folder a/.")]
    [InlineData("ln -s nowhere/x a; profiles export u1 --output a --url $url", "/nowhere. Make it, or name another file.")]
    public async Task WhatCannotBeWrittenIsSaidBefore(string script, string said)
    {
        var (exitCode, output, error) = await RunAsync(script);
        Assert.True(exitCode == 1, output + error);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string script)
    {
        await service.AcceptAsync(Event(Interlocked.Increment(ref _events)));
        await service.FreshAsync("u1"); // profiles are exported once they are computed
        Directory.CreateDirectory(_files.File("folder/deep"));
        return await CliProcess.ShellAsync($"url={service.Client.BaseAddress}\n{script}", _files.Path);
    }
}
