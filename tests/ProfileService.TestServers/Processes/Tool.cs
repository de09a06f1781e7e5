using System.Diagnostics;

namespace ProfileService.TestServers.Processes;

/// <summary>Short programs that the servers need beside them.</summary>
internal static class Tool
{
    /// <summary>Runs a program to its end; what it printed is the message where it fails.</summary>
    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{await output}{await errors}");
    }

    public static ProcessStartInfo StartInfo(string program, string[] arguments, string? directory = null) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory ?? "/" };
}
