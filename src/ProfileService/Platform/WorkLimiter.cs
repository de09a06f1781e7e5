using System.Threading.RateLimiting;

namespace ProfileService.Platform;

/// <summary>Limits concurrent work. A limited amount of further work waits; the rest is refused at once.</summary>
/// <param name="permits">Permits of work that runs at the same time.</param>
/// <param name="waiting">Permits of work that may wait.</param>
/// <param name="refusal">Detail of the 503 response, which tells the client what to do.</param>
internal sealed class WorkLimiter(int permits, int waiting, string refusal, TimeProvider time) : IDisposable
{
    // Work on an unresponsive store keeps its permits until the store's timeout. Callers that wait longer than this are refused.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = permits, QueueLimit = waiting });

    public int Permits => permits;

    /// <summary>Whether the permits are free, or a caller may wait for them.</summary>
    public bool HasRoomFor(int cost)
    {
        var now = _limiter.GetStatistics()!;
        return now.CurrentAvailablePermits >= cost || now.CurrentQueuedCount + cost <= waiting;
    }

    /// <summary>Waits for permits; disposing the lease releases them.</summary>
    /// <param name="cost">Number of permits; all of them if there are fewer.</param>
    /// <exception cref="OverloadedException">Too much work waits already, or the permits did not become free in time.</exception>
    public async ValueTask<IDisposable> AcquireAsync(int cost, CancellationToken cancellationToken) =>
        await TryAcquireAsync(cost, cancellationToken) ?? throw new OverloadedException(refusal);

    /// <summary>
    /// As <see cref="AcquireAsync"/>; returns null if too much work waits already, or the permits did not become free in time.
    /// </summary>
    /// <param name="cost">Number of permits; all of them if there are fewer.</param>
    public async ValueTask<IDisposable?> TryAcquireAsync(int cost, CancellationToken cancellationToken)
    {
        cost = Math.Min(cost, permits);
        if (_limiter.AttemptAcquire(cost) is { IsAcquired: true } free)
            return free;
        using var timeout = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var lease = await _limiter.AcquireAsync(cost, either.Token);
            return lease.IsAcquired ? lease : null;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _limiter.Dispose();
}
