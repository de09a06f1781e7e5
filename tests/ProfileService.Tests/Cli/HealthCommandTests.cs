namespace ProfileService.Tests.Cli;

[Needs(Need.Server, Need.Process)]
public sealed class HealthCommandTests
{
    [Fact]
    public async Task ReadyServiceIsZeroWithALinePerCheck()
    {
        using var service = new TestService();
        var output = await UntilReadyAsync([], "health", "--url", service.Client.BaseAddress!.ToString());
        Assert.Contains("windows: Healthy\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceThatIsNotReadyIsOneAndSaysWhichCheckFailed()
    {
        await using var redis = await RedisServer.StartAsync();
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await redis.KillAsync();
        // On a machine under load, an answer may miss the command's 8 seconds, and the check of the profiles its own limit.
        await Eventually.IsTrueAsync(async () =>
        {
            var (exitCode, output) = await CliProcess.RunAsync("health", "--url", service.Client.BaseAddress!.ToString());
            return exitCode == 1 && output.Contains("windows: Unhealthy ", StringComparison.Ordinal)
                && output.Contains("profiles: Healthy\n", StringComparison.Ordinal);
        });
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
        Assert.Contains("is not a ProfileService", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://*:{0};https://*:1")]
    [InlineData("ASPNETCORE_URLS", "https://+:1;http://0.0.0.0:{0}")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "{0}")]
    [InlineData("Kestrel__Endpoints__Main__Url", "http://[::]:{0}")]
    [InlineData("Hosting__ManagementUrls", "http://127.0.0.1:{0}")]
    public async Task AddressIsFoundInTheVariablesThatTheServiceReads(string name, string value)
    {
        using var service = new TestService();
        var output = await UntilReadyAsync([(name, Filled(value, service.Client.BaseAddress!))], "health");
        Assert.Contains("windows: Healthy", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManagementAddressIsAskedFirst()
    {
        using var data = new TempDirectory();
        var port = FreePort.Take();
        using var service = await ServiceProcess.StartAsync(data, $"--Hosting:ManagementUrls=http://127.0.0.1:{port}");
        (string, string)[] environment =
            [("ASPNETCORE_URLS", "http://127.0.0.1:1"), ("Hosting__ManagementUrls", $"http://127.0.0.1:{port}")];
        await UntilReadyAsync(environment, "health");
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("Kestrel__Endpoints__Secure__Url")]
    public async Task TlsWithACertificateOfItsOwnMakingIsTrustedOnLoopback(string name)
    {
        using var data = new TempDirectory();
        var certificate = SelfSigned.Pfx("some-other-name");
        await File.WriteAllBytesAsync(data.File("service.pfx"), certificate, TestContext.Current.CancellationToken);
        using var service = await ServiceProcess.StartAsync(
            data, "--urls=https://127.0.0.1:0", $"--Kestrel:Certificates:Default:Path={data.File("service.pfx")}");
        var output = await UntilReadyAsync([(name, $"https://*:{service.Client.BaseAddress!.Port}")], "health");
        Assert.Contains("windows: Healthy", output, StringComparison.Ordinal);
    }

    /// <summary>Runs the command until it exits with 0, because on a machine under load an answer may miss the command's 8 seconds.</summary>
    private static async Task<string> UntilReadyAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        var output = "";
        var isReady = await Eventually.ComesTrueAsync(
            async () =>
            {
                (var exitCode, output) = await CliProcess.RunInAsync(environment, arguments);
                return exitCode == 0;
            },
            Eventually.Bound);
        Assert.True(isReady, output);
        return output;
    }

    private static string Filled(string value, Uri address) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, value, address.Port);
}
