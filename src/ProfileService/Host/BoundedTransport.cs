using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Socket transport of the API that limits connections when they are accepted. A connection middleware would be too late: it runs on the
/// thread pool, and while that is busy, thousands of further connections would be accepted.
/// </summary>
internal sealed class BoundedTransport(
    IOptions<SocketTransportOptions> options, ConnectionLimits limits, ConnectionRefusal refusal, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(options, loggers);

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await _sockets.BindAsync(endpoint, cancellationToken), limits.Open, refusal);

    private sealed class Listener(IConnectionListener sockets, Bound open, ConnectionRefusal refusal) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await sockets.AcceptAsync(cancellationToken) is { } connection)
            {
                if (open.TryAcquire())
                    return new BoundedConnection(connection, open);
                await refusal.RefuseAsync(connection, open.Max);
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => sockets.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => sockets.DisposeAsync();
    }
}
