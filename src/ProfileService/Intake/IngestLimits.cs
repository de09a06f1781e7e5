using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// How much of the doors in one process keeps open at a time. Only work counts, not waiting for a client, so that slow clients cost
/// the others nothing; what a client may make us hold meanwhile is bounded too, in bytes.
/// </summary>
internal sealed class IngestLimits(IOptions<HostingOptions> options, BodyLimits bodies, TimeProvider time) : IDisposable
{
    private readonly Turns _appends = new(
        options.Value.MaxIngests, options.Value.MaxWaitingIngests, "Too many requests store at once. Try again, or send more in fewer requests.", time);

    /// <summary>Bytes of bodies that are held.</summary>
    public Bound Bodies => bodies.Held;

    /// <summary>Waits for a turn to append.</summary>
    /// <exception cref="OverloadedException">Too many wait already, or none came free in time.</exception>
    public ValueTask<IDisposable> TakeTurnAsync(CancellationToken cancellationToken) => _appends.TakeAsync(1, cancellationToken);

    public void Dispose() => _appends.Dispose();
}
