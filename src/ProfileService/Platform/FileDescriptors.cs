using System.Globalization;

namespace ProfileService.Platform;

/// <summary>How many files and sockets the process may have open.</summary>
internal static class FileDescriptors
{
    private const string OwnLimits = "/proc/self/limits";
    private const string Own = "/proc/self/fd";
    private const string Line = "Max open files";

    /// <summary>How many more the process may open; null where the system does not tell or has no limit.</summary>
    public static int? Free() => File.Exists(OwnLimits) && Most(File.ReadAllText(OwnLimits)) is { } most
        ? most - Directory.GetFileSystemEntries(Own).Length
        : null;

    /// <summary>The hard limit, which the runtime raises the soft one to when it starts: the second number behind "Max open files".</summary>
    public static int? Most(string limits)
    {
        var line = limits.Split('\n').FirstOrDefault(l => l.StartsWith(Line, StringComparison.Ordinal));
        var columns = line?[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return columns is [_, var hard, ..] && int.TryParse(hard, CultureInfo.InvariantCulture, out var most) ? most : null;
    }
}
