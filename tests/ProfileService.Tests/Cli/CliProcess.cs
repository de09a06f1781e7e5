using System.Diagnostics;

namespace ProfileService.Tests.Cli;

/// <summary>The built <c>profiles</c> command as a process of its own.</summary>
internal static class CliProcess
{
    private static string Program => Repository.Program("ProfileService.Cli", "profiles.dll");

    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunInAsync([], arguments);

    /// <param name="environment">Variables besides the tests' own.</param>
    public static async Task<(int ExitCode, string Output)> RunInAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        var (exitCode, output, error) = await EndOfAsync("dotnet", [Program, .. arguments], Environment.CurrentDirectory, environment);
        return (exitCode, output + error);
    }

    /// <summary>Runs a script of Bash in which <c>profiles</c> is the command, with pipes and redirections as a person writes them.</summary>
    public static Task<(int ExitCode, string Output, string Error)> ShellAsync(string script, string folder) =>
        EndOfAsync("bash", ["-c", $"profiles() {{ env --default-signal=INT dotnet '{Program}' \"$@\"; }}\n{script}"], folder, []);

    private static async Task<(int ExitCode, string Output, string Error)> EndOfAsync(
        string program, string[] arguments, string folder, (string Name, string Value)[] environment)
    {
        var start = Tool.StartInfo(program, arguments, folder);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
