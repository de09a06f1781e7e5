using System.Runtime.InteropServices;
using System.Text;

namespace ProfileService.Cli.Output;

/// <summary>Reads a file's kind by statx, which .NET does not expose.</summary>
internal static class FileKind
{
    private const int WorkingFolder = -100; // AT_FDCWD
    private const uint KindMask = 1; // STATX_TYPE
    private const int ResultBytes = 256; // of struct statx
    private const int ModeOffset = 28; // of stx_mode; the same on every machine
    private const int KindBits = 0xf000;
    private const int Folder = 0x4000;
    private const int Regular = 0x8000;

    /// <summary>
    /// Whether a path, after its links, is a device, a pipe or a socket, or names an open file of a process. False if nothing is there.
    /// </summary>
    public static bool IsStream(string path)
    {
        if (!OperatingSystem.IsLinux())
            return path.StartsWith("/dev/", StringComparison.Ordinal);
        var found = new byte[ResultBytes];
        if (StatX(WorkingFolder, Encoding.UTF8.GetBytes(path + '\0'), 0, KindMask, found) != 0)
            return false;
        return (BitConverter.ToUInt16(found, ModeOffset) & KindBits) is not (Folder or Regular) || IsOpenFile(path);
    }

    private static bool IsOpenFile(string path)
    {
        for (var next = Path.GetFullPath(path); next is not null; next = File.ResolveLinkTarget(next, returnFinalTarget: false)?.FullName)
        {
            if (RealPath.Of(Path.GetDirectoryName(next) ?? "/").StartsWith("/proc/", StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] found);
}
