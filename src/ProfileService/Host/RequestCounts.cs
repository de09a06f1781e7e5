using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>Counts of requests and a histogram of their durations. Threads may record at the same time.</summary>
internal sealed class RequestCounts
{
    private readonly LatencyHistogram _durations = new();
    private long _requests;
    private long _clientErrors;
    private long _serverErrors;

    /// <param name="duration">Null if it says nothing of the service.</param>
    public void Record(int status, TimeSpan? duration)
    {
        Interlocked.Increment(ref _requests);
        if (status >= StatusCodes.Status500InternalServerError)
            Interlocked.Increment(ref _serverErrors);
        else if (status >= StatusCodes.Status400BadRequest)
            Interlocked.Increment(ref _clientErrors);
        if (duration is { } took)
            _durations.Record(took);
    }

    /// <summary>Adds what another one has; nobody may record here meanwhile.</summary>
    public RequestCounts Add(RequestCounts other)
    {
        _requests += Volatile.Read(ref other._requests);
        _clientErrors += Volatile.Read(ref other._clientErrors);
        _serverErrors += Volatile.Read(ref other._serverErrors);
        _durations.Add(other._durations);
        return this;
    }

    /// <param name="tag">Tag of the routes; null for all.</param>
    /// <param name="seconds">In which the requests ended.</param>
    public HttpRequestSummary Summarize(string? tag, double seconds) => new(
        tag,
        _requests,
        seconds > 0 ? Math.Round(_requests / seconds, 3) : 0,
        _clientErrors,
        _serverErrors,
        Milliseconds(.5),
        Milliseconds(.99));

    private double? Milliseconds(double share) =>
        _durations.Count > 0 ? Math.Round(_durations.Percentile(share).TotalMilliseconds, 3) : null;
}
