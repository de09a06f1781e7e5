using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>A connection that counts against a limit until its socket is closed.</summary>
internal sealed class BoundedConnection(ConnectionContext socket, Bound open) : ConnectionContext
{
    private bool _isReleased;

    public override string ConnectionId { get => socket.ConnectionId; set => socket.ConnectionId = value; }

    public override IFeatureCollection Features => socket.Features;

    public override IDictionary<object, object?> Items { get => socket.Items; set => socket.Items = value; }

    public override IDuplexPipe Transport { get => socket.Transport; set => socket.Transport = value; }

    public override CancellationToken ConnectionClosed { get => socket.ConnectionClosed; set => socket.ConnectionClosed = value; }

    public override EndPoint? LocalEndPoint { get => socket.LocalEndPoint; set => socket.LocalEndPoint = value; }

    public override EndPoint? RemoteEndPoint { get => socket.RemoteEndPoint; set => socket.RemoteEndPoint = value; }

    public override void Abort() => socket.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => socket.Abort(abortReason);

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await socket.DisposeAsync();
            await base.DisposeAsync();
        }
        finally
        {
            if (!Interlocked.Exchange(ref _isReleased, true))
                open.Release();
        }
    }
}
