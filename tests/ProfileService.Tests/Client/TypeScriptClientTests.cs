using System.Text.Json.Nodes;

namespace ProfileService.Tests.Client;

/// <summary>The TypeScript package, built and installed: every call, and the examples of docs/clients.md.</summary>
[Needs(Need.Process)]
public sealed class TypeScriptClientTests(TypeScriptPackage package) : IClassFixture<TypeScriptPackage>, IDisposable
{
    private readonly TestService _service = new(("Model:Package", Repository.Path("models/demo/3")));

    [Fact]
    public async Task InstalledPackageDoesEveryCall()
    {
        string[] tests = ["requests.test.js", "service.test.js"];
        foreach (var test in tests)
            File.Copy(Repository.Path($"clients/typescript/tests/{test}"), Path.Combine(package.Program, test), overwrite: true);
        var output = await package.RunAsync(_service.Client.BaseAddress!, ["--test", "--test-reporter=tap", .. tests]);
        Assert.Matches(@"(?m)^# pass \d{2,}$", output);
        Assert.Matches("(?m)^# fail 0$", output);
    }

    [Fact]
    public async Task ExamplesOfThePageCompileAndRun()
    {
        var page = ExampleDocument.Clients;
        var files = page.Sections.ToDictionary(section => section, section => $"{section.Replace(' ', '-')}.ts");
        foreach (var (section, file) in files)
        {
            var script = page.Script(section, "ts", _service.Client.BaseAddress!);
            await File.WriteAllTextAsync(Path.Combine(package.Program, file), script, TestContext.Current.CancellationToken);
        }

        await TypeScriptPackage.CompileAsync(TypeScriptPackage.Strictly(files.Values.Select(file => Path.Combine(package.Program, file))));
        var printed = new Dictionary<string, string>
        {
            ["Connect"] = "2 accepted []", // runs with the events
            ["Send events"] = "2 accepted []",
            ["Read a profile"] = "unchanged",
            ["Vectors of many users"] = "[ 'nobody' ] have no profile",
            ["Attributes"] = "1 accepted",
            ["Items"] = "2500 accepted []",
            ["Recommendations"] = " %\n",
            ["Similar users"] = "ben 0.",
        };
        Assert.Equal(files.Keys.Order(), printed.Keys.Order());
        foreach (var (section, text) in printed)
        {
            var output = await package.RunAsync(_service.Client.BaseAddress!, Path.ChangeExtension(files[section], ".js"));
            Assert.Contains(text, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ToolsOfThePackageAreThoseOfTheTests()
    {
        var (own, tests) = (ToolsOf("clients/typescript/package.json"), ToolsOf("eng/node/package.json"));
        Assert.NotEmpty(own);
        Assert.All(own, tool => Assert.Equal((string?)tests[tool.Key], (string?)tool.Value));
        var manifest = JsonNode.Parse(File.ReadAllText(Repository.Path("clients/typescript/package.json")))!;
        Assert.Null(manifest["dependencies"]);
        var build = File.ReadAllText(Repository.Path("Directory.Build.props"));
        Assert.Contains($"<Version>{manifest["version"]}</Version>", build, StringComparison.Ordinal);
    }

    public void Dispose() => _service.Dispose();

    private static JsonObject ToolsOf(string file) =>
        JsonNode.Parse(File.ReadAllText(Repository.Path(file)))!["devDependencies"]!.AsObject();
}
