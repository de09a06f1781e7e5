using System.Text.RegularExpressions;
using ProfileService.Platform.Settings;

namespace ProfileService.Tests.Host;

/// <summary>What can be said of the images and of docker-compose.yml without a container engine; <c>./test containers</c> runs them.</summary>
[Needs(Need.Server)]
public sealed partial class ContainerTests
{
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
    public void ComposeHoldsNoPassword()
    {
        var compose = File.ReadAllText(Repository.Path("docker-compose.yml"));
        Assert.Equal(["PASSWORD_FILE: /run/secrets/superuser"], Password().Matches(compose).Select(m => m.Value));
    }

    [Fact]
    public async Task RedisTakesEveryLineOfItsConfiguration()
    {
        var directives = File.ReadLines(Repository.Path("deploy/redis/redis.conf"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Replace("\"", "", StringComparison.Ordinal).Split(' '));
        await using var redis = await RedisServer.StartAsync([.. directives.SelectMany(d => (string[])[$"--{d[0]}", .. d[1..]])]);
        string[] expected = ["appendonly yes", "appendfsync always", "maxmemory-policy noeviction", "maxmemory 1073741824"];
        foreach (var (setting, value) in expected.Select(e => e.Split(' ')).Select(words => (words[0], words[1])))
            Assert.Contains(
                $"\r\n{setting}\r\n${value.Length}\r\n{value}\r\n",
                await RedisLine.SendAsync(redis.Port, $"CONFIG GET {setting}"),
                StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b[A-Z]\w+__\w+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"password\w*[:=] *\S+", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
