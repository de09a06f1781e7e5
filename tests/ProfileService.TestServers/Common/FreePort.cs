using System.Net;
using System.Net.Sockets;

namespace ProfileService.TestServers.Common;

/// <summary>Ports of loopback on which nobody listens; no port twice.</summary>
internal static class FreePort
{
    // Below the ports that a system gives to outgoing connections. One of those could take the port of a server that is down for a while,
    // and a client that keeps on trying could even connect to itself.
    private const int First = 20000;
    private const int Count = 10000;

    // Test runs side by side begin at different places.
    private static int _last = Environment.ProcessId * 101 % Count;

    public static int Take()
    {
        for (var tried = 0; tried < Count; tried++)
        {
            var port = First + (Interlocked.Increment(ref _last) % Count);
            if (IsFree(port))
                return port;
        }
        throw new InvalidOperationException("No port of loopback is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
