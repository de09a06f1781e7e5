using System.Runtime.InteropServices;

namespace ProfileService.TestServers.Processes;

/// <summary>Signals by their Linux numbers.</summary>
internal enum UnixSignal
{
    HangUp = 1,
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
    FileTooLarge = 25,
}

/// <summary>Sends signals to processes by id; one that has ended meanwhile gets none.</summary>
internal static class Signals
{
    private const nint IgnoreIt = 1; // SIG_IGN

    public static void Send(UnixSignal signal, params int[] processes)
    {
        foreach (var process in processes)
            _ = Kill(process, (int)signal);
    }

    /// <summary>Has a signal passed over by this process and by those that it starts from now on.</summary>
    public static void Ignore(UnixSignal signal) => _ = Handle((int)signal, IgnoreIt);

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Handle(int signal, nint handler);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
