using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>
/// Limits of the batch endpoints in one process. Only storing counts as work; waiting for a client does not, so that slow clients do not
/// affect others. The bytes that clients make the process hold meanwhile are limited separately.
/// </summary>
internal sealed class IngestLimits : IDisposable
{
    private const string TooMany = "Too many requests store data at the same time. Try again, or send more data in fewer requests.";

    private readonly WorkLimiter _appends;

    public IngestLimits(IOptions<HostingOptions> options, BodyLimits bodies, TimeProvider time)
    {
        _appends = new(options.Value.MaxIngests, options.Value.MaxWaitingIngests, TooMany, time);
        Bodies = bodies.Held;
        Early = new(() => !_appends.HasRoomFor(1), TooMany);
    }

    /// <summary>Bytes of bodies in memory.</summary>
    public Bound Bodies { get; }

    /// <summary>Early refusal of batches.</summary>
    public EarlyRefusal Early { get; }

    /// <summary>Waits until the batch may be stored; disposing the lease ends its work.</summary>
    /// <exception cref="OverloadedException">Too many requests wait already, or the wait took too long.</exception>
    public ValueTask<IDisposable> AcquireAsync(CancellationToken cancellationToken) => _appends.AcquireAsync(1, cancellationToken);

    public void Dispose() => _appends.Dispose();
}
