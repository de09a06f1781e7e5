using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ProfileService.Tests.Client;

/// <summary>docs/clients.md: its blocks of code, by heading and language, and how to run them.</summary>
internal static partial class ExampleDocument
{
    private const string Address = "http://localhost:8080";

    private static readonly string[] First = ["Connect", "Send events"]; // what the other examples build on

    private static readonly Dictionary<(string Section, string Language), string> Blocks = Read();

    public static IEnumerable<string> Sections => Blocks.Keys.Select(k => k.Section).Distinct();

    public static string CSharp(string section) => Blocks[(section, "csharp")];

    /// <summary>Runs a section's example after those that it builds on, against a service; what it prints.</summary>
    /// <param name="language"><c>bash</c> or <c>python</c>.</param>
    public static async Task<string> RunAsync(string section, string language, Uri service)
    {
        using var folder = new TempDirectory();
        var script = string.Join('\n', First.Append(section).Distinct().Select(s => Blocks[(s, language)])).Replace(Address, service.ToString().TrimEnd('/'), StringComparison.Ordinal);
        var (program, arguments) = language == "bash" ? ("bash", new[] { "-euo", "pipefail", "-c", script }) : ("python3", ["-c", script]);
        using var process = Process.Start(Tool.StartInfo(program, arguments, folder.Path))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{section} in {language}:\n{await output}{await errors}");
        return await output;
    }

    private static Dictionary<(string, string), string> Read()
    {
        var blocks = new Dictionary<(string, string), string>();
        var section = "";
        foreach (Match match in HeadingOrBlock().Matches(File.ReadAllText(Repository.Path("docs/clients.md"))))
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
