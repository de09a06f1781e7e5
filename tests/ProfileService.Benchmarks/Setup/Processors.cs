using System.Diagnostics;

namespace ProfileService.Benchmarks.Setup;

/// <summary>Processors that this process and those that it starts from then on run on, set by taskset of util-linux.</summary>
internal static class Processors
{
    private static readonly int Half = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The first half of the machine's processors.</summary>
    public static string First { get; } = $"0-{Half - 1}";

    /// <summary>The other half; of a single processor the same.</summary>
    public static string Second { get; } = Environment.ProcessorCount > 1 ? $"{Half}-{Environment.ProcessorCount - 1}" : "0";

    /// <summary>Moves every thread of this process.</summary>
    /// <exception cref="InvalidOperationException">taskset is missing or refuses.</exception>
    public static void Take(string processors)
    {
        var info = new ProcessStartInfo("taskset", ["--all-tasks", "--cpu-list", "--pid", processors, $"{Environment.ProcessId}"]) { RedirectStandardOutput = true };
        using var taskset = Process.Start(info) ?? throw new InvalidOperationException("taskset did not start.");
        taskset.StandardOutput.ReadToEnd();
        taskset.WaitForExit();
        if (taskset.ExitCode != 0)
            throw new InvalidOperationException($"taskset could not move the load generator to the processors {processors}: exit status {taskset.ExitCode}.");
    }
}
