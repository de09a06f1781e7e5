using Microsoft.Extensions.DependencyInjection;
using ProfileService.Refresh;

namespace ProfileService.Tests.Cli;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task ReadyServiceIsZeroWithALinePerCheck()
    {
        using var service = new TestService();
        var (exitCode, output) = await CliProcess.RunAsync("health", "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(0, exitCode);
        Assert.Contains("stores: Healthy\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceThatIsNotReadyIsOneAndSaysWhichCheckFailed()
    {
        using var service = TestService.WithoutWorker();
        service.Services.GetRequiredService<RefreshHealth>().Failed(new IOException());
        var (exitCode, output) = await CliProcess.RunAsync("health", "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(1, exitCode);
        Assert.Contains("stores: Healthy\n", output, StringComparison.Ordinal);
        Assert.Contains(": Unhealthy Profiles are not refreshed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", "--url")] // nothing listens there
    [InlineData("http://no-such-host.invalid", "--url")]
    public async Task ServiceThatDoesNotAnswerIsOneAndSaysWhatToDo(string url, string hint)
    {
        var (exitCode, output) = await CliProcess.RunAsync("health", "--url", url);
        Assert.Equal(1, exitCode);
        Assert.Contains(url, output, StringComparison.Ordinal);
        Assert.Contains(hint, output, StringComparison.Ordinal);
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
