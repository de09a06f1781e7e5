namespace ProfileService.Cli.Load;

/// <summary>
/// When the requests of an open loop arrive, whatever the service does. The connections share the schedule: whichever is free takes the
/// next arrival, so that a late request waits for a connection only while all are busy.
/// </summary>
/// <param name="perSecond">Mean rate.</param>
/// <param name="random">Draws exponential intervals (Poisson arrivals); null for even ones.</param>
internal sealed class Arrivals(TimeProvider time, double perSecond, Random? random = null)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly double _step = time.TimestampFrequency / perSecond;
    private double _next; // from the start

    /// <summary>The timestamp at which the next request arrives.</summary>
    public long Next()
    {
        lock (_lock)
        {
            var due = _start + (long)_next;
            _next += random is null ? _step : -Math.Log(1 - random.NextDouble()) * _step;
            return due;
        }
    }

    /// <summary>
    /// Waits until a request arrives and returns the start of its latency: the scheduled time, so that a request that is sent late has
    /// waited (no coordinated omission). Timers count whole milliseconds, so the wait may end up to one early; the latency starts then.
    /// </summary>
    public long WaitUntil(long due, CancellationToken cancellationToken)
    {
        var wait = time.GetElapsedTime(time.GetTimestamp(), due);
        if (wait > TimeSpan.Zero)
            cancellationToken.WaitHandle.WaitOne(wait);
        return Math.Min(due, time.GetTimestamp());
    }
}
