using System.Text.RegularExpressions;
using System.Xml.Linq;
using ProfileService.Platform.Settings;

namespace ProfileService.Tests.Host;

/// <summary>What can be said of the image and of docker-compose.yml without a container engine; eng/image says more, and takes its time.</summary>
[Needs(Need.Server)]
public sealed partial class ContainerTests
{
    [Fact]
    public void WhatTheBuildCopiesIsThereAndGoesToTheEngine()
    {
        var allowed = File.ReadLines(Repository.Path(".dockerignore")).Where(l => l.StartsWith('!')).Select(l => l[1..]).ToList();
        Assert.All(Dockerfile.Copied(Dockerfile.Stage("source")), from =>
        {
            Assert.True(Path.Exists(Repository.Path(from)), from);
            Assert.Contains(allowed, a => from == a || from.StartsWith($"{a}/", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void EveryPublishedProjectIsThereBeforeTheRestore()
    {
        var restore = Dockerfile.Copied(Dockerfile.Stage("source").TakeWhile(i => i.Name != "RUN")).ToList();
        Assert.Empty(Closure("src/ProfileService.Cli/ProfileService.Cli.csproj").Except(restore));
        Assert.Empty(Directory.EnumerateFiles(Repository.Root, "Directory.*.props").Select(Path.GetFileName).Except(restore));
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
        Assert.All(settings, setting => Assert.True(SettingNames.IsKnown(setting.Replace("__", ":", StringComparison.Ordinal)), setting));
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

    [GeneratedRegex(@"\b[A-Z]\w+__\w+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"PASSWORD: (\S+)")]
    private static partial Regex Password();

    [GeneratedRegex(@"- \./(\S+?):/")]
    private static partial Regex Mount();

    /// <summary>The project and those that it references, as paths in the repository.</summary>
    private static IEnumerable<string> Closure(string project) =>
        XDocument.Load(Repository.Path(project)).Descendants("ProjectReference")
            .Select(r => Path.GetFullPath(Path.Combine(Repository.Path(project), "..", r.Attribute("Include")!.Value)))
            .SelectMany(referenced => Closure(Path.GetRelativePath(Repository.Root, referenced)))
            .Prepend(project);
}
