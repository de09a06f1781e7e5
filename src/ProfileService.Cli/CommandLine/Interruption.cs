using System.Runtime.InteropServices;

namespace ProfileService.Cli.CommandLine;

/// <summary>Handles Ctrl+C, <c>kill</c> and a terminal that closes: the first signal stops the command, the second ends it.</summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2); // some reads, such as from a terminal, cannot be cancelled

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _signals;

    public Interruption() => _signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => OnSignal(context, 129)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => OnSignal(context, 130)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => OnSignal(context, 143)),
    ];

    public CancellationToken Token => _stop.Token;

    /// <summary>128 + the signal's number, as in shells; 0 if there was no signal.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Returns the exit code of the work; that of the signal if the work does not end within 2 s after it.</summary>
    public async Task<int> EndOfAsync(Task<int> work)
    {
        await Task.WhenAny(work, _asked.Task);
        await Task.WhenAny(work, Task.Delay(Grace, TimeProvider.System));
        if (!_asked.Task.IsCompleted || (work.IsCompletedSuccessfully && await work == 0))
            return await work;
        Terminal.Fail("Stopped before the end.");
        return ExitCode;
    }

    public void Dispose()
    {
        Array.ForEach(_signals, s => s.Dispose());
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context, int exitCode)
    {
        context.Cancel = ExitCode == 0;
        ExitCode = exitCode;
        if (_asked.TrySetResult())
            _stop.Cancel();
    }
}
