using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ProfileService.Hosting;

namespace ProfileService.Events;

/// <summary>
/// How much of the door one process keeps open at a time. Only work counts, not waiting for a client, so that slow clients cost
/// the others nothing; what a client may make us hold meanwhile is bounded too.
/// </summary>
internal sealed class IngestLimits(IOptions<HostingOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Bytes of a body that any request may have buffered; for more it needs <see cref="HoldLargeBody"/>.</summary>
    public const int SmallBodyBytes = 1 << 20;

    private const string TooMany = "Too many requests post events at once. Try again, or post more events in fewer requests.";
    private const int MaxLargeBodies = 16;

    // A store that does not answer keeps each turn until its timeout; who waits longer than this is told so instead.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ConcurrencyLimiter _appends = new(new() { PermitLimit = options.Value.MaxIngests, QueueLimit = options.Value.MaxWaitingIngests });
    private readonly ConcurrencyLimiter _largeBodies = new(new() { PermitLimit = MaxLargeBodies, QueueLimit = 0 });

    /// <summary>Waits for a turn to append.</summary>
    /// <exception cref="OverloadedException">Too many wait already, or none came free in time.</exception>
    public async ValueTask<IDisposable> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_appends.AttemptAcquire() is { IsAcquired: true } free)
            return free;
        using var timeout = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return Acquired(await _appends.AcquireAsync(1, either.Token), TooMany);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new OverloadedException(TooMany);
        }
    }

    /// <exception cref="OverloadedException">Too many large bodies are held already.</exception>
    public IDisposable HoldLargeBody() =>
        Acquired(_largeBodies.AttemptAcquire(), "Too many large bodies at once. Try again, or send a stream as application/x-ndjson.");

    public void Dispose()
    {
        _appends.Dispose();
        _largeBodies.Dispose();
    }

    private static RateLimitLease Acquired(RateLimitLease lease, string refusal) => lease.IsAcquired ? lease : throw new OverloadedException(refusal);
}
