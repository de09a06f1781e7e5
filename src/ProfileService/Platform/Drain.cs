using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;

namespace ProfileService.Platform;

/// <summary>
/// The time between SIGTERM and the stop. Readiness is red, answers tell clients to close their connections, and requests are still served.
/// Ctrl+C (SIGINT) stops without it. A second signal stops at once: requests in progress are cut.
/// </summary>
internal sealed partial class Drain(IOptions<HostingOptions> options, Listening listening, TimeProvider time, ILogger<Drain> logger)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan ForLastAnswers = TimeSpan.FromSeconds(1); // of streams, which are told that the process stops

    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _hurried = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private volatile bool _hasBegun;
    private volatile bool _isTerminated;

    /// <summary>Whether the process is about to stop.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Cancelled when it is over: requests that could last must end then.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Cancelled by a second signal: nobody is waited for any more.</summary>
    public CancellationToken Hurried => _hurried.Token;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // The newest handler of a signal runs first, so that this one has run when the host's own begins the stop.
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_ended.IsCancellationRequested) // a second signal, or a host that is stopped twice
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
        _hurried.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        if (_hasBegun)
        {
            _ended.Cancel();
            _hurried.CancelAfter(ForLastAnswers);
            return;
        }

        _isTerminated = signal.Signal == PosixSignal.SIGTERM;
        _hasBegun = true;
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Stopping in {DrainFor} (Hosting:DrainFor): readiness is red, requests are served until then. A second signal stops at once")]
    private partial void LogDraining(TimeSpan drainFor);
}
