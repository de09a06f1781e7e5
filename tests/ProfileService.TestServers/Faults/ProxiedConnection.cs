using System.Net;
using System.Net.Sockets;

namespace ProfileService.TestServers.Faults;

/// <summary>One connection of a client through the proxy to the server.</summary>
internal sealed class ProxiedConnection(Socket client, TcpTraffic traffic) : IDisposable
{
    private const int ChunkBytes = 16_384;

    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task RunAsync(int target)
    {
        client.NoDelay = true;
        try
        {
            await traffic.WaitAsync();
            await _server.ConnectAsync(IPAddress.Loopback, target);
            await Task.WhenAll(PumpAsync(client, _server), PumpAsync(_server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
        Reset();
    }

    /// <summary>Ends it as a lost route does: with a reset, not with an orderly end.</summary>
    public void Reset()
    {
        client.Close(0);
        _server.Close(0);
    }

    public void Dispose() => Reset();

    public void EndAnswers()
    {
        try
        {
            client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException) // it has ended by itself
        {
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            var chunk = new byte[ChunkBytes];
            while (await from.ReceiveAsync(chunk, SocketFlags.None) is > 0 and var read)
            {
                await traffic.WaitAsync();
                await SendAllAsync(to, chunk.AsMemory(0, read));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }

    private static async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await to.SendAsync(bytes, SocketFlags.None)..];
    }
}
