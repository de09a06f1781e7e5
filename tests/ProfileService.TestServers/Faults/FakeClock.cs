using System.Globalization;
using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Faults;

/// <summary>The wall clock of one process, moved by libfaketime; its monotonic clock goes on, as after a step by NTP.</summary>
internal sealed class FakeClock : IDisposable
{
    private const string Libraries = "/usr/lib";
    private const string Library = "libfaketimeMT.so.1";
    private const int SecondsKept = 1; // libfaketime reads the file this often

    private static readonly string? Path = Directory.Exists(Libraries)
        ? Directory.GetDirectories(Libraries).Select(folder =>
            System.IO.Path.Combine(folder, "faketime", Library)).FirstOrDefault(File.Exists)
        : null;

    private readonly TempDirectory _folder = new();

    public FakeClock() => Step(TimeSpan.Zero);

    /// <summary>Whether Debian's faketime is installed; clock steps cannot be made without it.</summary>
    public static bool IsInstalled => Path is not null;

    private string Offset => _folder.File("offset");

    /// <summary>A command line that runs a program under this clock.</summary>
    public string[] Command(string program, params string[] arguments) =>
    [
        "env",
        $"LD_PRELOAD={Path}",
        $"FAKETIME_TIMESTAMP_FILE={Offset}",
        $"FAKETIME_CACHE_DURATION={SecondsKept}",
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
        "FAKETIME_FORCE_MONOTONIC_FIX=0", // its fix lets every timed wait of .NET end at once
        program,
        .. arguments,
    ];

    /// <summary>Moves the clock so far from the true time.</summary>
    public void Step(TimeSpan offset) =>
        File.WriteAllText(Offset, offset.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");

    public void Dispose() => _folder.Dispose();
}
