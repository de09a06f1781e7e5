namespace ProfileService.Cli.Input;

/// <summary>
/// Detects that the process was started without a standard input. The runtime then uses descriptor 0 for a file of its own, which may never
/// end. Such a file has the close-on-exec flag; a standard input that was passed at the start cannot have it.
/// </summary>
internal static class ProcessInput
{
    private const string Flags = "flags:"; // octal
    private const int CloseOnExec = 0x80000;

    public static bool IsClosed => OperatingSystem.IsLinux() && (FlagsOfInput() is not { } flags || (flags & CloseOnExec) != 0);

    private static int? FlagsOfInput()
    {
        const string Info = "/proc/self/fdinfo/0";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith(Flags, StringComparison.Ordinal)) : null;
        return line is null ? null : Convert.ToInt32(line[Flags.Length..].Trim(), 8);
    }
}
