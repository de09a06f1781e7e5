using System.ComponentModel;
using System.Diagnostics;

namespace ProfileService.Benchmarks.Providers;

/// <summary>What <c>nvidia-smi</c> says of the first GPU; null where there is none.</summary>
internal static class Gpu
{
    public static Task<string?> NameAsync() => AskAsync("name,driver_version");

    /// <summary>Of all processes. ONNX Runtime keeps what it took once.</summary>
    public static Task<string?> MemoryUsedAsync() => AskAsync("memory.used");

    private static async Task<string?> AskAsync(string what)
    {
        try
        {
            using var process = Process.Start(Tool.StartInfo("nvidia-smi", ["--id=0", $"--query-gpu={what}", "--format=csv,noheader"]))!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
