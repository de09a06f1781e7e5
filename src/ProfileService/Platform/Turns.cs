using System.Threading.RateLimiting;

namespace ProfileService.Platform;

/// <summary>Work that is done so much at a time; some more waits, and what comes beyond that is refused at once.</summary>
/// <param name="permits">Done at a time.</param>
/// <param name="waiting">That may wait.</param>
/// <param name="refusal">What a client is told, and what it can do.</param>
internal sealed class Turns(int permits, int waiting, string refusal, TimeProvider time) : IDisposable
{
    // A store that does not answer keeps each turn until its timeout; who waits longer than this is told so instead.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = permits, QueueLimit = waiting });

    public int Permits => permits;

    /// <summary>Whether so many permits are free, or may be waited for.</summary>
    public bool HaveRoomFor(int cost)
    {
        var now = _limiter.GetStatistics()!;
        return now.CurrentAvailablePermits >= cost || now.CurrentQueuedCount + cost <= waiting;
    }

    /// <summary>Waits for a turn.</summary>
    /// <param name="cost">Permits that it takes; all of them if there are fewer.</param>
    /// <exception cref="OverloadedException">Too many wait already, or none came free in time.</exception>
    public async ValueTask<IDisposable> TakeAsync(int cost, CancellationToken cancellationToken) =>
        await TryTakeAsync(cost, cancellationToken) ?? throw new OverloadedException(refusal);

    /// <summary>Waits for a turn; null where too many wait already, or none came free in time.</summary>
    /// <param name="cost">Permits that it takes; all of them if there are fewer.</param>
    public async ValueTask<IDisposable?> TryTakeAsync(int cost, CancellationToken cancellationToken)
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
