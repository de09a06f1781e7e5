using ProfileService.Tests.Servers;

namespace ProfileService.Tests.Cli;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task ReadyServiceIsZeroWithALinePerCheck()
    {
        using var service = new TestService();
        var (exitCode, output) = await CliProcess.RunAsync("health", "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(0, exitCode);
        Assert.Contains("windows: Healthy\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceThatIsNotReadyIsOneAndSaysWhichCheckFailed()
    {
        await using var redis = await RedisServer.StartAsync();
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await redis.KillAsync();
        var (exitCode, output) = await CliProcess.RunAsync("health", "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(1, exitCode);
        Assert.Contains("windows: Unhealthy ", output, StringComparison.Ordinal);
        Assert.Contains("profiles: Healthy\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")] // nothing listens there
    [InlineData("http://no-such-host.invalid")]
    public async Task ServiceThatDoesNotAnswerIsOneAndSaysWhatToDo(string url)
    {
        var (exitCode, output) = await CliProcess.RunAsync("health", "--url", url);
        Assert.Equal(1, exitCode);
        Assert.Contains(url, output, StringComparison.Ordinal);
        Assert.Contains("--url", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherServerThatAnswersIsNotTakenForTheService()
    {
        using var service = new TestService();
        var (exitCode, output) = await CliProcess.RunAsync("health", "--url", $"{service.Client.BaseAddress}swagger");
        Assert.Equal(1, exitCode);
        Assert.Contains("is no ProfileService", output, StringComparison.Ordinal);
    }
}
