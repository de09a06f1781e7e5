using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Cli;

[Needs(Need.Process)]
public sealed class EraseCommandTests
{
    [Fact]
    public async Task UsersAreGoneWhenItEnds()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1), Event(1, user: "a/b"), Event(1, user: "u2"));
        var (exitCode, output) = await CliProcess.RunAsync("erase", "u1", "a/b", "--wait", "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(0, exitCode);
        Assert.Contains("2 users, 2 windows with 2 events", output, StringComparison.Ordinal);
        Assert.Equal(404, (await service.GetAsync("/v1/users/u1/window")).Status);
        Assert.Equal(404, (await service.GetAsync("/v1/users/a%2Fb/window")).Status);
        Assert.Equal(200, (await service.GetAsync("/v1/users/u2/window")).Status);
    }

    [Theory]
    [InlineData("printf 'u1\\n\\n{\"userId\":\"a/b\"}\\n'", 0, "2 users")] // as people write ids, and as POST /v1/erasures takes them
    [InlineData("printf ' { \"userId\": \"a/b\" }\\n'", 0, "1 user, 1 windows")]
    [InlineData("printf 'u1\\n{\"userId\":7}\\n'", 1, "Line 2 is not an id")]
    [InlineData("printf 'u1\\n{\"user\":\"a/b\"}\\n'", 1, "Line 2 is not an id")]
    [InlineData("printf 'u1\\n { \"userId\": \"a/b\", \"x\": 1 }\\n'", 1, "Line 2 is not an id")]
    [InlineData("printf 'u1\\n{a/b\\n'", 1, "Line 2 is not an id")]
    [InlineData("printf 'u1\\n{\"userId\":\"\\\\ud800\"}\\n'", 1, "Line 2 is not an id")]
    [InlineData("printf 'u1\\n%0200d\\n' 0", 1, "Line 2 is not an id")]
    [InlineData("printf 'u1\\nb\\tc\\n'", 1, "Line 2 is not an id")]
    [InlineData("printf ''", 1, "Standard input had no ids")]
    [InlineData("printf 'u1\\na/b\\n' | gzip", 0, "2 users")]
    [InlineData("printf '\\xef\\xbb\\xbfu1\\r\\na/b'", 0, "2 users, 2 windows")]
    public async Task IdsComeFromStandardInput(string input, int expected, string said)
    {
        using var service = new TestService();
        using var folder = new TempDirectory();
        await service.AcceptAsync(Event(1), Event(1, user: "a/b"));
        var (exitCode, output, error) = await CliProcess.ShellAsync($"{input} | profiles erase - --wait --url {service.Client.BaseAddress}", folder.Path);
        Assert.Equal(expected, exitCode);
        Assert.Contains(said, output + error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(expected == 0 ? 404 : 200, (await service.GetAsync("/v1/users/a%2Fb/window")).Status);
    }

    [Fact]
    public async Task SpacesAreOfTheId()
    {
        using var service = new TestService();
        using var folder = new TempDirectory();
        await service.AcceptAsync(Event(1, user: "u1"), Event(1, user: " u1"));
        var (exitCode, _, error) = await CliProcess.ShellAsync(
            $"echo ' u1' | profiles erase - --wait --url {service.Client.BaseAddress}", folder.Path);
        Assert.True(exitCode == 0, error);
        Assert.Equal(404, (await service.GetAsync("/v1/users/%20u1/window")).Status);
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/window")).Status);
    }

    [Fact]
    public async Task WrongLineErasesNobodyOfThousands()
    {
        using var service = new TestService();
        using var folder = new TempDirectory();
        await service.AcceptAsync(Event(1));
        var (exitCode, output, error) = await CliProcess.ShellAsync(
            $"(echo u1; seq 5000; printf 'j\\xfcrgen\\n') | profiles erase - --url {service.Client.BaseAddress}", folder.Path);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("Nothing was erased.", error, StringComparison.Ordinal);
        Assert.Equal(200, (await service.GetAsync("/v1/users/u1/window")).Status);
    }

    [Fact]
    public async Task ReceiptsOfWhatHasBegunArePrintedThoughTheRestFails()
    {
        using var service = new TestService();
        using var folder = new TempDirectory();
        var (exitCode, output, error) = await CliProcess.ShellAsync(
            $"profiles erase $(seq 1000) .. --wait --url {service.Client.BaseAddress}", folder.Path);
        Assert.Equal(1, exitCode);
        Assert.EndsWith(": 1,000 users", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("1,000 of 1,001 ids are being erased", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongIdIsOneAndSaysWhatIsWrong()
    {
        using var service = new TestService();
        var (exitCode, output) = await CliProcess.RunAsync("erase", "..", "--url", service.Client.BaseAddress!.ToString());
        Assert.Equal(1, exitCode);
        Assert.Contains("must not be . or ..", output, StringComparison.Ordinal);
    }
}
