using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace ProfileService.Platform;

/// <summary>
/// Delays the stop after SIGTERM. During the drain, requests are still served, readiness is unhealthy, and responses tell clients to close
/// their connections. Ctrl+C (SIGINT) and a terminal that closes (SIGHUP) stop without a drain. A second signal stops at once and aborts
/// requests in progress.
/// </summary>
internal sealed partial class Drain(
    IOptions<HostingOptions> options, Listening listening, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<Drain> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan TimeForLastResponses = TimeSpan.FromSeconds(1); // for streams to report that the process stops

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _aborted = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private volatile bool _hasBegun;
    private volatile bool _isTerminated;

    /// <summary>Whether the process is about to stop.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Cancelled at the end of the drain. Long-running requests must end then.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Cancelled by a second signal. The stop then waits for nothing.</summary>
    public CancellationToken Aborted => _aborted.Token;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // The handler that was registered last runs first. Therefore this one has run when the host's handler begins the stop.
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp)); // the host has no handler for it
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_ended.IsCancellationRequested) // after a second signal, or if the host is stopped twice
            return;
        _hasBegun = true;
        if (_isTerminated && listening.HasBegun && options.Value.DrainFor > TimeSpan.Zero)
        {
            LogDraining(options.Value.DrainFor);
            await Task.Delay(options.Value.DrainFor, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _ended.CancelAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _signals.ForEach(s => s.Dispose());
        _ended.Dispose();
        _aborted.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        if (_hasBegun)
        {
            _ended.Cancel();
            _aborted.CancelAfter(TimeForLastResponses);
            return;
        }

        _isTerminated = signal.Signal == PosixSignal.SIGTERM;
        _hasBegun = true;
    }

    private void OnHangUp(PosixSignalContext signal)
    {
        signal.Cancel = true; // else the process ends here
        OnSignal(signal);
        lifetime.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Stopping in {DrainFor} (Hosting:DrainFor). Until then requests are served and readiness is unhealthy. "
            + "A second signal stops at once")]
    private partial void LogDraining(TimeSpan drainFor);
}
