using System.Globalization;

namespace ProfileService.Platform;

/// <summary>Limit on the files and sockets that the process may have open.</summary>
internal static class FileDescriptors
{
    /// <summary>What to do where they are too few.</summary>
    public const string Advice = "Raise the limit to 1,024 or more, by ulimit -n or systemd's LimitNOFILE.";

    private const int Min = 512; // with 288 not all assemblies could be loaded
    private const string OwnLimits = "/proc/self/limits";
    private const string Own = "/proc/self/fd";
    private const string Line = "Max open files";

    /// <summary>Number of descriptors that the process may still open; null if it is unknown or unlimited.</summary>
    public static int? Free() => File.Exists(OwnLimits) && HardLimit(File.ReadAllText(OwnLimits)) is { } limit
        ? limit - Directory.GetFileSystemEntries(Own).Length
        : null;

    /// <summary>What is wrong if the limit is so low that the service could not start; otherwise null.</summary>
    public static string? Shortage() => File.Exists(OwnLimits) && HardLimit(File.ReadAllText(OwnLimits)) is < Min and var limit
        ? string.Create(CultureInfo.InvariantCulture, $"The service needs {Min} file descriptors and may have {limit} at most.")
        : null;

    /// <summary>The hard limit: the second number after "Max open files". The .NET runtime raises the soft limit to it at start.</summary>
    public static int? HardLimit(string limits)
    {
        var line = limits.Split('\n').FirstOrDefault(l => l.StartsWith(Line, StringComparison.Ordinal));
        var columns = line?[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns is [_, var hard, ..] && int.TryParse(hard, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
