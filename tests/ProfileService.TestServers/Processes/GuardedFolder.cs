using System.Diagnostics;

namespace ProfileService.TestServers.Processes;

/// <summary>A server's folder and its guard: a process that ends the server and removes the folder however the tests come to their end.</summary>
internal sealed class GuardedFolder : IDisposable
{
    // Reads the server's process id as often as it changes; the input ends with the tests, whatever ended them.
    private const string Script = """
        exec >/dev/null 2>&1
        trap '' HUP INT TERM
        while read -r next; do server=$next; done
        if [ -n "$server" ]; then
            kill -CONT "$server" $(cat "/proc/$server/task/$server/children")
            kill -INT "$server"
            for tenth in $(seq 50); do grep -q . "/proc/$server/cmdline" || break; sleep 0.1; done
            kill -KILL "$server"
        fi
        ! grep -qs " $0 " /proc/mounts || umount -l "$0"
        rm -rf "$0"
        """;

    private static readonly Lazy<bool> MayMount = new(MayMountHere);

    private readonly Process _guard;

    /// <summary>Whether a folder can be a small disk of its own: a tmpfs, which root may mount unless a container forbids it.</summary>
    public static bool CanBeSmallDisk => MayMount.Value;

    public GuardedFolder() => _guard = Process.Start(new ProcessStartInfo("sh", ["-c", Script, Path]) { RedirectStandardInput = true })!;

    public string Path { get; } = Directory.CreateTempSubdirectory("profiles-test-").FullName;

    /// <summary>A folder that is a disk of its own, so small that a test can fill it.</summary>
    public static async Task<GuardedFolder> OnSmallDiskAsync()
    {
        var folder = new GuardedFolder();
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder.Path);
        return folder;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Names the server, or the one that has taken its place.</summary>
    public void Guard(Process server) => _guard.StandardInput.WriteLine(server.Id);

    /// <summary>Leaves the folder to the guard and does not wait: hundreds of databases take a busy disk half a minute.</summary>
    public void Dispose()
    {
        _guard.StandardInput.WriteLine(); // none is left
        _guard.StandardInput.Close();
        _guard.Dispose();
    }

    // A mount namespace of one's own asks for the same right.
    private static bool MayMountHere()
    {
        if (!Environment.IsPrivilegedProcess)
            return false;
        using var unshare = Process.Start("unshare", ["--mount", "true"]);
        unshare.WaitForExit();
        return unshare.ExitCode == 0;
    }
}
