using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ProfileService.Tests.Client;

/// <summary>A page of the docs: its blocks of code, by heading and language, and how to run them.</summary>
internal sealed partial class ExampleDocument(string page)
{
    public static readonly ExampleDocument Clients = new("docs/clients.md");
    public static readonly ExampleDocument RequestTime = new("docs/request-time.md");
    public static readonly ExampleDocument Flows = new("docs/flows.md");

    private const string Address = "http://localhost:8080";

    private static readonly string[] First = ["Connect", "Send events"]; // what the other examples build on

    private readonly Dictionary<(string Section, string Language), string> _blocks = Read(page);

    public IEnumerable<string> Sections => _blocks.Keys.Select(k => k.Section).Distinct();

    public string CSharp(string section) => Block(section, "csharp");

    public string Block(string section, string language) => _blocks[(section, language)];

    /// <summary>Runs a section's example after those that it builds on, against a service; what it prints.</summary>
    /// <param name="language"><c>bash</c> or <c>python</c>.</param>
    public async Task<string> RunAsync(string section, string language, Uri service)
    {
        using var folder = new TempDirectory();
        var script = Script(section, language, service);
        var (program, arguments) = language == "bash" ? ("bash", new[] { "-euo", "pipefail", "-c", script }) : ("/usr/bin/python3", ["-c", script]);
        var start = Tool.StartInfo(program, arguments, folder.Path);
        start.Environment["PYTHONPATH"] = Repository.Path("clients/python/src");
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{section} in {language}:\n{await output}{await errors}");
        return await output;
    }

    /// <summary>A section's example after those that it builds on, with the address of a service.</summary>
    public string Script(string section, string language, Uri service) =>
        string.Join('\n', First.Append(section).Distinct().Select(s => _blocks[(s, language)]))
            .Replace(Address, service.ToString().TrimEnd('/'), StringComparison.Ordinal);

    private static Dictionary<(string, string), string> Read(string page)
    {
        var blocks = new Dictionary<(string, string), string>();
        var section = "";
        foreach (Match match in HeadingOrBlock().Matches(File.ReadAllText(Repository.Path(page))))
        {
            if (match.Groups["heading"].Success)
                section = match.Groups["heading"].Value;
            else
                blocks.Add((section, match.Groups["language"].Value), match.Groups["code"].Value);
        }

        return blocks;
    }

    [GeneratedRegex(@"^## (?<heading>[^\n]+)$|^```(?<language>\w+)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex HeadingOrBlock();
}
