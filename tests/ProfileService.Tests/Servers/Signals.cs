using System.Runtime.InteropServices;

namespace ProfileService.Tests.Servers;

/// <summary>Signals by their Linux numbers.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>Sends signals to processes by id; one that has ended meanwhile gets none.</summary>
internal static class Signals
{
    public static void Send(Signal signal, params int[] processes)
    {
        foreach (var process in processes)
            _ = Kill(process, (int)signal);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
