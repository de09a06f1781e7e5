namespace ProfileService.Tests.Auth;

/// <summary>Settings that would open the service to callers who were not meant stop the start.</summary>
[Needs(Need.Server, Need.Process)]
public sealed class AuthSettingsTests
{
    [Theory]
    [InlineData("Auth:Mode is None", "--urls=http://0.0.0.0:0")]
    [InlineData("Auth:Mode is None", "--urls=http://*:0")]
    [InlineData("Auth:Mode is None", "--urls=http://[::]:0")]
    [InlineData("Auth:Mode is None", "--urls=http://profiles.example:0")]
    [InlineData("Auth:Mode is None", "--urls=http://127.0.0.1:0;http://10.0.0.1:0")]
    [InlineData("Auth:Mode is None", "--Kestrel:Endpoints:api:Url=http://0.0.0.0:0")]
    [InlineData("Auth:Mode is None", "--urls=http://0.0.0.0:0", "--AllowedHosts=localhost")]
    [InlineData("Auth:OpenToEveryone is true, but Auth:Mode is Keys", "--Auth:Mode=Keys", "--Auth:OpenToEveryone=true")]
    [InlineData("is not one of", "--Auth:Mode=Off", "one of None, Keys, Oidc, Both")]
    [InlineData("Auth:Authority is not the address", "--Auth:Mode=Oidc", "--Auth:Audience=profiles")]
    [InlineData("Auth:Audience is empty", "--Auth:Mode=Oidc", "--Auth:Authority=https://login.example")]
    [InlineData("Auth:Authority is http", "--Auth:Mode=Both", "--Auth:Authority=http://login.example", "--Auth:Audience=profiles")]
    [InlineData("'HS256' is not one of", "--Auth:Mode=Oidc", "--Auth:Authority=https://login.example", "--Auth:Audience=profiles", "--Auth:Algorithms:0=HS256")]
    [InlineData("'none' is not one of", "--Auth:Mode=Oidc", "--Auth:Authority=https://login.example", "--Auth:Audience=profiles", "--Auth:Algorithms:0=none")]
    [InlineData("Auth:ScopeClaim", "--Auth:Mode=Oidc", "--Auth:Authority=https://login.example", "--Auth:Audience=profiles", "--Auth:ScopeClaim=")]
    [InlineData("Auth:ClockSkew", "--Auth:Mode=Keys", "--Auth:ClockSkew=01:00:00")]
    [InlineData("but Auth:Mode is None", "--Auth:Authority=https://login.example", "--Auth:Audience=profiles")]
    [InlineData("but Auth:Mode is Keys", "--Auth:Mode=Keys", "--Auth:Authority=https://login.example")]
    [InlineData("Auth:RequestsPerSecond is set, but Auth:Mode is None", "--Auth:RequestsPerSecond=5")]
    [InlineData("Auth:EventsPerSecond is set, but Auth:Mode is None", "--Auth:EventsPerSecond=5")]
    [InlineData("Auth:UsersPerSecond is set, but Auth:Mode is None", "--Auth:UsersPerSecond=5")]
    [InlineData("but Auth:Mode is Keys", "--Auth:Mode=Keys", "--Auth:ConsoleClientId=console")]
    [InlineData(
        "Auth:ConsoleScopes lacks openid",
        "--Auth:Mode=Oidc", "--Auth:Authority=https://login.example", "--Auth:Audience=profiles",
        "--Auth:ConsoleClientId=console", "--Auth:ConsoleScopes=privacy")]
    [InlineData("is not a setting", "--Auth:Modes=Keys")]
    [InlineData("Privacy:DefaultPurposes must be some of profile, explain, similar, train", "--Privacy:DefaultPurposes=profile,sell")]
    [InlineData("is not one of", "--Privacy:WithoutProfile=Drop", "one of Refuse, Keep")]
    public async Task WrongSettingOpensNoDoor(string said, params string[] arguments)
    {
        using var data = new TempDirectory();
        var (code, output) = await ServiceProcess.StartInVainAsync(data, Repository.TinyPackage, [.. arguments.Where(a => a.StartsWith("--", StringComparison.Ordinal))]);
        Assert.Equal(1, code);
        Assert.Contains(said == "is not one of" ? arguments[1] : said, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MisspeltModeIsNotTakenForTheDefault()
    {
        using var data = new TempDirectory();
        var (_, output) = await ServiceProcess.StartInVainAsync(
            data, Repository.TinyPackage, "--Auth:Mode=Key", "--urls=http://0.0.0.0:0", "--Auth:UsersPerSecond=5", "--Auth:ClockSkew=01:00:00");
        Assert.Contains("one of None, Keys, Oidc, Both", output, StringComparison.Ordinal);
        Assert.Contains("Auth:ClockSkew", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Auth:Mode is None", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceThatIsOpenToEveryoneSaysSoAtEachStart()
    {
        using var data = new TempDirectory();
        using var service = await ServiceProcess.StartAsync(data, "--urls=http://0.0.0.0:0", "--Auth:OpenToEveryone=true");
        Assert.Contains("Auth:OpenToEveryone is true", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServiceWithoutAnyKeySaysHowToMakeOneAndLetsNobodyIn()
    {
        using var data = new TempDirectory();
        using var service = await ServiceProcess.StartAsync(data, "--Auth:Mode=Keys");
        Assert.Contains("profiles keys create", service.Output, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await service.Client.GetAsync(new Uri("/v1/status", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }
}
