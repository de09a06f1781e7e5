using ProfileService.Benchmarks.Setup;

namespace ProfileService.Benchmarks.LongRuns;

/// <summary>Looks at a service's memory ten times a second.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ServiceUnderTest _service;
    private readonly ITimer _timer;
    private long _peak;

    public MemoryWatch(ServiceUnderTest service)
    {
        _service = service;
        Before = service.WorkingSet;
        _timer = TimeProvider.System.CreateTimer(_ => _peak = Math.Max(_peak, service.WorkingSet), null, TimeSpan.Zero, Pause);
    }

    /// <summary>Bytes when the watch began.</summary>
    public double Before { get; }

    public double Peak => Volatile.Read(ref _peak);

    /// <summary>Bytes as soon as they are back within so many times those before, or when the wait is over.</summary>
    public async Task<double> AfterAsync(double times, TimeSpan longest)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (_service.WorkingSet > times * Before && TimeProvider.System.GetElapsedTime(started) < longest)
            await Task.Delay(Pause, TimeProvider.System);
        return _service.WorkingSet;
    }

    public void Dispose() => _timer.Dispose();
}
