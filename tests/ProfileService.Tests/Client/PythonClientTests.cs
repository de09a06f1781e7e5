using System.Diagnostics;

namespace ProfileService.Tests.Client;

/// <summary>The Python package as a user has it: its wheel is built and installed, and then called.</summary>
[Needs(Need.Process)]
public sealed class PythonClientTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly TestService _service = new(("Model:Package", Repository.Path("models/demo/3")));
    private readonly TempDirectory _folder = new();

    [Fact]
    public async Task InstalledPackageDoesEveryCall()
    {
        var (source, wheels, installed) = (_folder.File("python"), _folder.File("wheels"), _folder.File("installed"));
        await Tool.RunAsync("cp", "-r", Repository.Path("clients/python"), source); // building leaves files behind
        await Tool.RunAsync(Python, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "-w", wheels, source);
        await Tool.RunAsync(
            Python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", installed, Directory.GetFiles(wheels).Single());
        Assert.True(File.Exists(Path.Combine(installed, "profileservice/py.typed")));

        var start = Tool.StartInfo(Python, ["-m", "unittest", "discover", "-s", Repository.Path("clients/python/tests")], _folder.Path);
        start.Environment["PYTHONPATH"] = installed;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["PROFILE_SERVICE"] = _service.Client.BaseAddress!.ToString();
        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var (output, told) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"{await output}{await told}");
        Assert.Matches(@"Ran \d{2,} tests", await told);
    }

    public void Dispose()
    {
        _service.Dispose();
        _folder.Dispose();
    }
}
