using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// How much of the doors in one process keeps open at a time. Only work counts, not waiting for a client, so that slow clients cost
/// the others nothing; what a client may make us hold meanwhile is bounded too, in bytes.
/// </summary>
internal sealed class IngestLimits : IDisposable
{
    private const string TooMany = "Too many requests store at once. Try again, or send more in fewer requests.";

    private readonly Turns _appends;

    public IngestLimits(IOptions<HostingOptions> options, BodyLimits bodies, TimeProvider time)
    {
        _appends = new(options.Value.MaxIngests, options.Value.MaxWaitingIngests, TooMany, time);
        Bodies = bodies.Held;
        Early = new(() => !_appends.HaveRoomFor(1), TooMany);
    }

    /// <summary>Bytes of bodies that are held.</summary>
    public Bound Bodies { get; }

    /// <summary>Of batches.</summary>
    public EarlyRefusal Early { get; }

    /// <summary>Waits for a turn to append.</summary>
    /// <exception cref="OverloadedException">Too many wait already, or none came free in time.</exception>
    public ValueTask<IDisposable> TakeTurnAsync(CancellationToken cancellationToken) => _appends.TakeAsync(1, cancellationToken);

    public void Dispose() => _appends.Dispose();
}
