using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ProfileService.Hosting;
using ProfileService.Tests.Servers;

namespace ProfileService.Tests.Hosting;

/// <summary>What can be said of the image and of docker-compose.yml without a container engine.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class ContainerTests : IDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode Writable = Readable | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly TempDirectory _root = new();

    private string App => _root.File("app");

    private string Data => _root.File("data");

    [Fact]
    public async Task PublishedServiceRunsUnprivilegedInAFolderThatItCannotWriteTo()
    {
        await Dockerfile.BuildAsync(_root);
        File.SetUnixFileMode(_root.Path, Readable | UnixFileMode.UserWrite);
        File.SetUnixFileMode(App, Readable);
        File.SetUnixFileMode(Data, Writable);

        using var service = Start("ProfileService.dll");
        try
        {
            using var health = Start("profiles.dll", "health", "--url", await ListeningAsync(service));
            Assert.Contains("windows: Healthy", await health.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            await health.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, health.ExitCode);
        }
        finally
        {
            service.Kill();
        }

        Assert.Contains(Directory.GetFiles(Data), f => f.EndsWith(".db", StringComparison.Ordinal));
    }

    [Fact]
    public void PlainBuildGivesTheCpuImage() =>
        Assert.EndsWith("-chiseled AS service", Dockerfile.Instructions().Last(i => i.Name == "FROM").Arguments, StringComparison.Ordinal);

    [Theory]
    [InlineData("service")]
    [InlineData("cuda")]
    public void ImageRunsAsAnOrdinaryUserAndChecksItsHealth(string stage)
    {
        var image = Dockerfile.Stage(stage).ToLookup(i => i.Name, i => i.Arguments);
        Assert.Equal(["$APP_UID"], image["USER"]);
        Assert.EndsWith("""CMD ["dotnet", "profiles.dll", "health"]""", Assert.Single(image["HEALTHCHECK"]), StringComparison.Ordinal);
        Assert.Equal("""["dotnet", "ProfileService.dll"]""", Assert.Single(image["ENTRYPOINT"]));
    }

    [Theory]
    [InlineData("Dockerfile")]
    [InlineData("docker-compose.yml")]
    public void EverySettingIsOneThatTheServiceKnows(string file)
    {
        var settings = Setting().Matches(File.ReadAllText(Repository.Path(file))).Select(m => m.Value).ToList();
        Assert.NotEmpty(settings);
        Assert.Empty(settings.Except(KnownSettings()));
    }

    [Fact]
    public void ComposeHoldsNoPasswordAndMountsWhatIsThere()
    {
        var compose = File.ReadAllText(Repository.Path("docker-compose.yml"));
        Assert.Equal(["*password", "*password"], Password().Matches(compose).Select(m => m.Groups[1].Value));
        var mounted = Mount().Matches(compose).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(mounted);
        Assert.All(mounted, file => Assert.True(File.Exists(Repository.Path(file)), file));
    }

    [Fact]
    public async Task RedisTakesEveryLineOfItsConfiguration()
    {
        var directives = File.ReadLines(Repository.Path("deploy/redis/redis.conf")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Replace("\"", "", StringComparison.Ordinal).Split(' '));
        await using var redis = await RedisServer.StartAsync([.. directives.SelectMany(d => (string[])[$"--{d[0]}", .. d[1..]])]);
        foreach (var (setting, value) in new[] { ("appendonly", "yes"), ("appendfsync", "always"), ("maxmemory-policy", "noeviction"), ("maxmemory", "1073741824") })
            Assert.Contains($"\r\n{setting}\r\n${value.Length}\r\n{value}\r\n", await RedisLine.SendAsync(redis.Port, $"CONFIG GET {setting}"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(App))
            File.SetUnixFileMode(App, Writable); // so that it can be deleted
        _root.Dispose();
    }

    [GeneratedRegex(@"\b[A-Z]\w+__\w+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"PASSWORD: (\S+)")]
    private static partial Regex Password();

    [GeneratedRegex(@"- \./(\S+?):/")]
    private static partial Regex Mount();

    private static IEnumerable<string> KnownSettings() =>
    [
        "ConnectionStrings__Redis", "ConnectionStrings__Postgres",
        .. typeof(DataOptions).GetProperties().Select(p => $"Data__{p.Name}"), // the one section that is not named like its folder
        .. typeof(DataOptions).Assembly.GetTypes()
            .Where(t => t.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(t => t.GetProperties().Select(p => $"{t.Namespace!.Split('.')[^1]}__{p.Name}")),
    ];

    private static async Task<string> ListeningAsync(Process service)
    {
        const string Listening = "Now listening on: ";
        while (await service.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
                return line[(at + Listening.Length)..];
        }

        throw new InvalidOperationException($"The service did not start: {await service.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
    }

    /// <summary>Starts a published program as the image does, but on a free port; as nobody where this is root, whom no file mode stops.</summary>
    private Process Start(params string[] arguments)
    {
        string[] command = [.. Environment.IsPrivilegedProcess ? (string[])["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] : [], "dotnet", .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = App, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Dockerfile.Environment("service"))
            start.Environment[name] = value == "/data" ? Data : value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        return Process.Start(start)!;
    }
}
