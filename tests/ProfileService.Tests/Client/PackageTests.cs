using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace ProfileService.Tests.Client;

/// <summary>The client as a package.</summary>
[Needs(Need.Process)]
public sealed class PackageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PackageHasBothFrameworksTheirDocumentationAReadmeAndALicence()
    {
        using var folder = new TempDirectory();
        using var process = Process.Start(Tool.StartInfo(
            "dotnet",
            ["pack", Repository.Path("src/ProfileService.Client"), "--no-build", "-c", "Release", "-o", folder.Path, "--nologo"],
            Repository.Root))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"{await output}{await errors}");

        await using var package = await ZipFile.OpenReadAsync(Directory.GetFiles(folder.Path, "*.nupkg").Single(), Token);
        var files = package.Entries.Select(e => e.FullName).ToList();
        foreach (var framework in (string[])["net8.0", "net10.0"])
            Assert.Equal([], ((string[])["dll", "xml"]).Select(end => $"lib/{framework}/ProfileService.Client.{end}").Except(files));
        Assert.Contains("README.md", files);

        var metadata = XDocument.Load(await package.GetEntry("ProfileService.Client.nuspec")!.OpenAsync(Token)).Root!.Elements().First();
        Assert.Equal(("Apache-2.0", "README.md"), (Value("license"), Value("readme")));
        Assert.NotEmpty(Value("authors"));
        Assert.Equal(typeof(ProfileService.Client.ProfileServiceClient).Assembly.GetName().Version!.ToString(3), Value("version"));

        string Value(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
    }
}
