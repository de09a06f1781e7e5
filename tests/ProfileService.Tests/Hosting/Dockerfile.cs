using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ProfileService.Tests.Hosting;

/// <summary>The repository's Dockerfile, and its build stages carried out in a folder, as far as that goes without an engine.</summary>
internal static class Dockerfile
{
    /// <summary>All instructions, in order; none of them goes over more than one line.</summary>
    public static IEnumerable<(string Name, string Arguments)> Instructions() =>
        File.ReadLines(Repository.Path("Dockerfile"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 2))
            .Select(words => (words[0], words[1]));

    /// <summary>The instructions of one stage, without its FROM.</summary>
    public static IEnumerable<(string Name, string Arguments)> Stage(string name) =>
        Instructions()
            .SkipWhile(i => i.Name != "FROM" || !i.Arguments.EndsWith($" AS {name}", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(i => i.Name != "FROM");

    /// <summary>Variables that a stage sets.</summary>
    public static IEnumerable<(string Name, string Value)> Environment(string stage) =>
        Stage(stage).Where(i => i.Name == "ENV").SelectMany(i => i.Arguments.Split(' ')).Select(v => v.Split('=', 2)).Select(v => (v[0], v[1]));

    /// <summary>Carries out the stages that publish; /source, /app and /data are folders of <paramref name="root"/>.</summary>
    public static async Task BuildAsync(TempDirectory root)
    {
        foreach (var (name, arguments) in Stage("source").Concat(Stage("build")))
        {
            if (name == "COPY")
                Copy(arguments.Split(' '), root.File("source"));
            else if (name == "RUN")
                await RunAsync(arguments.Replace(" /", $" {root.Path}/", StringComparison.Ordinal), root.File("source"));
        }
    }

    /// <summary>Copies what .dockerignore, which lists what may be copied, lets through.</summary>
    private static void Copy(string[] arguments, string source)
    {
        var allowed = File.ReadLines(Repository.Path(".dockerignore")).Where(l => l.StartsWith('!')).Select(l => l[1..]).ToList();
        var target = Path.Combine(source, arguments[^1]);
        foreach (var from in arguments[..^1].Select(a => a.TrimEnd('/')))
        {
            Assert.Contains(allowed, a => from == a || from.StartsWith($"{a}/", StringComparison.Ordinal));
            var path = Repository.Path(from);
            var files = File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories);
            foreach (var file in files)
                CopyFile(file, Path.Combine(target, File.Exists(path) ? Path.GetFileName(file) : Path.GetRelativePath(path, file)));
        }
    }

    private static void CopyFile(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }

    private static async Task RunAsync(string command, string folder)
    {
        var start = new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        start.Environment["TARGETARCH"] = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64";
        foreach (var (name, value) in Environment("source"))
            start.Environment[name] = value;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // nothing stays behind that would hold the output open
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{command}\n{output}");
    }
}
