using ProfileService.Tests.Model;

namespace ProfileService.Tests.Host;

/// <summary>A start that cannot succeed says why, and what to do.</summary>
[Needs(Need.Process)]
public sealed class StartTests : IDisposable
{
    private readonly TempDirectory _data = new();

    [Fact]
    public async Task EveryWrongSettingIsNamedAtOnce()
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(
            _data, Repository.TinyPackage,
            "--Windows:MaxEvents=0", "--Windows:MaxAge=soon", "--Windows:TextTtl=00:30:00", "--Refresh:Lease=00:00:00", "--Lookup:FreshTimout=1", "--Events:MaxBodyBytes=many", "--Hosting:MaxIngests=-1", "--Model:Provider=Abacus");
        Assert.Equal(1, exitCode);
        foreach (var setting in (string[])["Windows:MaxEvents", "Windows:MaxAge", "Windows:TextTtl", "Refresh:Lease", "Lookup:FreshTimout", "Events:MaxBodyBytes", "Hosting:MaxIngests", "Model:Provider"])
            Assert.Contains(setting, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TamperedPackageStopsTheStartAndItsFileIsNamed()
    {
        using var package = new PackageCopy(Repository.TinyPackage);
        package.Edit("model.onnx", bytes => bytes[1_000] ^= 1);
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, package.Path);
        Assert.Equal(1, exitCode);
        Assert.Contains(package.PathOf("model.onnx"), output, StringComparison.Ordinal);
        Assert.Contains("sha256", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectionStrings:Postgres", "--Events:Archive=Postgres")]
    [InlineData("Events:ArchiveRetention", "--Events:Archive=Postgres", "--ConnectionStrings:Postgres=Host=127.0.0.1;Port=1", "--Events:ArchiveRetention=200.00:00:00")]
    public async Task ArchiveThatCouldNotRebuildTheWindowsStopsTheStart(string named, params string[] settings)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, settings);
        Assert.Equal(1, exitCode);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectionStringsThatCannotBeReadAreNamedAtOnceAndNotRepeated()
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, "--ConnectionStrings:Redis=a:6379,nosuchoption=3,password=secret", "--ConnectionStrings:Postgres=Hots=x;Password=secret");
        Assert.Equal(1, exitCode);
        Assert.Contains("ConnectionStrings:Redis", output, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:Postgres", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ConnectionStrings:Redis", "127.0.0.1:1")]
    [InlineData("ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1")]
    public async Task ServerThatDoesNotAnswerStopsTheStartAndItsSettingIsNamed(string setting, string value)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(_data, Repository.TinyPackage, $"--{setting}={value}");
        Assert.Equal(1, exitCode);
        Assert.Contains(setting, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();
}
