namespace ProfileService.Tests.Servers;

/// <summary>Which Docker engines run the tests' servers; the command line of each is a stand-in that answers as it does.</summary>
public sealed class DockerTests : IDisposable
{
    private readonly TempDirectory _path = new();

    [Theory]
    [InlineData("[ $1 = version ] && echo 1.47 || exit 0", null)]
    [InlineData("[ $1 = version ] && echo 1.44 || exit 0", null)]
    [InlineData("[ $1 = version ] && echo 1.41 || exit 0", "the Docker engine's API is 1.41")] // Debian 12's
    [InlineData("[ $1 = version ] && echo 1.9 || exit 0", "the Docker engine's API is 1.9")]
    [InlineData("[ $1 = version ] && echo 1.47 || exit 125", "cannot run a container")] // no registry at hand, say, or no right
    [InlineData("echo Cannot connect to the Docker daemon >&2; exit 1", "no Docker engine answers")]
    [InlineData("exit 127", "no Docker engine answers")]
    [InlineData("exit 0", "no Docker engine answers")]
    public async Task EngineIsUsedOnlyWhereItCanRunTheServers(string engine, string? reason)
    {
        // Written by a process of its own: one that this process starts meanwhile would hold the file open, and nobody could run it then.
        await Tool.RunAsync("sh", "-c", """printf '#!/bin/sh\n%s\n' "$1" > "$2" && chmod +x "$2" """, "sh", engine, _path.File("docker"));
        var fault = await Record.ExceptionAsync(() => Tool.RunAsync("env", $"PATH={_path.Path}:/usr/bin:/bin", Repository.Path("eng/docker")));
        Assert.Equal(reason is null, fault is null);
        Assert.Contains(reason ?? "", fault?.Message ?? "", StringComparison.Ordinal);
    }

    public void Dispose() => _path.Dispose();
}
