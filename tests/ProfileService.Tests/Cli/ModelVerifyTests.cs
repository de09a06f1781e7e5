using ProfileService.Tests.Model;

namespace ProfileService.Tests.Cli;

[Needs(Need.Process)]
public sealed class ModelVerifyTests
{
    [Fact]
    public async Task GoodPackageIsOk()
    {
        var (exitCode, output) = await CliProcess.RunAsync("model", "verify", Repository.TinyPackage);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("OK tiny/1: dimension 16", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PackageThatTakesContentIsOk()
    {
        var (exitCode, output) = await CliProcess.RunAsync("model", "verify", Repository.ContentPackage);
        Assert.Equal(0, exitCode);
        Assert.StartsWith("OK content/1: dimension 8", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadPackageIsRefusedAndTheFileNamed()
    {
        using var package = new PackageCopy(Repository.TinyPackage);
        package.Edit("items.f32", bytes => bytes[0] ^= 1);
        var (exitCode, output) = await CliProcess.RunAsync("model", "verify", package.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains(package.PathOf("items.f32"), output, StringComparison.Ordinal);
    }
}
