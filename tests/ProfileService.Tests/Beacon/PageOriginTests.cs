using ProfileService.Beacon;

namespace ProfileService.Tests.Beacon;

[Needs(Need.Process)]
public sealed class PageOriginTests
{
    [Theory]
    [InlineData("https://shop.example")]
    [InlineData("https://shop.example:8443")]
    [InlineData("https://xn--br-xka.example")]
    [InlineData("https://192.0.2.7")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    public void OriginThatABrowserSendsIsTaken(string origin) => Assert.Null(ProblemOf(origin));

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("shop.example")]
    [InlineData("http://shop.example")]
    [InlineData("https://*.shop.example")]
    [InlineData("https://shop.example/")]
    [InlineData("https://shop.example/basket")]
    [InlineData("https://shop.example?x=1")]
    [InlineData("https://Shop.example")]
    [InlineData("https://shop.example:443")]
    [InlineData("https://ada@shop.example")]
    [InlineData("https://bär.example")]
    [InlineData("ftp://shop.example")]
    [InlineData(" https://shop.example")]
    public void AnyOtherTextIsRefusedAndTheSettingNamed(string origin) =>
        Assert.StartsWith("Cors:Origins: ", ProblemOf(origin), StringComparison.Ordinal);

    [Fact]
    public async Task EveryWrongOriginStopsTheStart()
    {
        using var data = new TempDirectory();
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(
            data,
            Repository.TinyPackage,
            [],
            "--Cors:Origins:0=*",
            "--Cors:Origins:1=https://shop.example",
            "--Cors:Origins:2=shop.example");
        Assert.Equal(1, exitCode);
        Assert.Contains("* would let any page on the internet", output, StringComparison.Ordinal);
        Assert.Contains("'shop.example' is not the origin of a page", output, StringComparison.Ordinal);
    }

    private static string? ProblemOf(string origin) =>
        new PageOriginRules().Validate(null, new PageOptions { Origins = [origin] }).Failures?.Single();
}
