using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ProfileService.TestServers.Common;

namespace ProfileService.TestServers.Faults;

/// <summary>The network between a service and one server: a TCP proxy on loopback that can cut, hold, delay and half-close.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public TcpProxy(int target)
    {
        (_target, Port) = (target, FreePort.Take());
        Open();
    }

    public int Port { get; }

    /// <summary>What each chunk of bytes waits for before it goes on.</summary>
    public TcpTraffic Traffic { get; } = new();

    /// <summary>Resets every connection and refuses new ones.</summary>
    public async Task CutAsync()
    {
        _listener?.Stop();
        _listener = null;
        await _accepting;
        foreach (var connection in _connections.Keys)
            connection.Reset();
    }

    /// <summary>Takes connections in again; does nothing if it does already.</summary>
    public void Open()
    {
        if (_listener is not null)
            return;
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Ends the direction from the server to the client of every connection; the other one stays open.</summary>
    public void HalfClose()
    {
        foreach (var connection in _connections.Keys)
            connection.EndAnswers();
    }

    public async ValueTask DisposeAsync()
    {
        Traffic.Flow();
        await CutAsync();
        await Task.WhenAll(_connections.Values);
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
                Forward(await listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException) // stopped
        {
        }
    }

    private void Forward(Socket client)
    {
        var connection = new ProxiedConnection(client, Traffic);
        var entered = new TaskCompletionSource();
        _connections[connection] = RunAsync(connection, entered.Task);
        entered.SetResult();
    }

    /// <param name="entered">Ends when the connection is in the list, from which it goes at its end.</param>
    private async Task RunAsync(ProxiedConnection connection, Task entered)
    {
        await entered;
        await Task.Yield(); // the next connection is accepted meanwhile
        using (connection)
            await connection.RunAsync(_target);
        _connections.TryRemove(connection, out _);
    }
}
