using Microsoft.Extensions.DependencyInjection;
using ProfileService.Sentiment;
using ProfileService.Tests.Cli;
using ProfileService.Tests.Model;

namespace ProfileService.Tests.Sentiment;

/// <summary>The sentiment package in the running service and the command.</summary>
[Needs(Need.Process)]
public sealed class SentimentServiceTests : IDisposable
{
    private readonly TempDirectory _data = new();

    [Fact]
    public async Task ModelsNameTheSentimentPackage()
    {
        using var service = new TestService(("Model:SentimentPackage", Repository.SentimentPackage));
        Assert.Equal("sentiment/5", (await service.GetAsync("/v1/models")).Json.GetProperty("sentiment").GetString());
        Assert.True(service.Services.GetRequiredService<SentimentScorer>().IsOn);
    }

    [Fact]
    public async Task PackageThatShipsIsFoundBesideTheProgram()
    {
        using var service = new TestService();
        Assert.Equal("sentiment/5", (await service.GetAsync("/v1/models")).Json.GetProperty("sentiment").GetString());
    }

    [Fact]
    public async Task EmptySettingSwitchesSentimentOff()
    {
        using var service = new TestService(("Model:SentimentPackage", ""));
        Assert.False((await service.GetAsync("/v1/models")).Json.TryGetProperty("sentiment", out _));
        Assert.False(service.Services.GetRequiredService<SentimentScorer>().IsOn);
    }

    [Fact]
    public async Task TamperedPackageStopsTheStartAndItsFileIsNamed()
    {
        using var package = new PackageCopy(Repository.SentimentPackage);
        package.Edit("model.onnx", bytes => bytes[1_000] ^= 1);
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, $"--Model:SentimentPackage={package.Path}");
        Assert.Equal(1, exitCode);
        Assert.Contains(package.PathOf("model.onnx"), output, StringComparison.Ordinal);
        Assert.Contains("sha256", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandVerifiesASentimentPackage()
    {
        var (exitCode, output) = await CliProcess.RunAsync("model", "verify", Repository.SentimentPackage);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("OK sentiment/5: sentiment", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommandRefusesADamagedSentimentPackage()
    {
        using var package = new PackageCopy(Repository.SentimentPackage);
        package.Edit("folding.json", bytes => bytes[9] ^= 1);
        var (exitCode, output) = await CliProcess.RunAsync("model", "verify", package.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains(package.PathOf("folding.json"), output, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();
}
