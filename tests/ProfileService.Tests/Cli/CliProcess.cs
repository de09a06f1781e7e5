using System.Diagnostics;

namespace ProfileService.Tests.Cli;

/// <summary>The built <c>profiles</c> command as a process of its own.</summary>
internal static class CliProcess
{
    public static Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunInAsync([], arguments);

    /// <param name="environment">Variables beside the tests' own.</param>
    public static async Task<(int ExitCode, string Output)> RunInAsync((string Name, string Value)[] environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        foreach (var argument in (string[])[Repository.Program("ProfileService.Cli", "profiles.dll"), .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
