using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProfileService.TestServers.Redis;

/// <summary>One command to one Redis server, sent as a line by one who may everything: no client that follows a cluster, and none that waits before it tries again.</summary>
internal static class RedisLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The reply as it comes over the wire; throws where the server refuses the command.</summary>
    public static async Task<string> SendAsync(int port, string command)
    {
        var reply = await AskAsync(port, command);
        return reply.StartsWith('-') ? throw new InvalidOperationException($"{command}: {reply}") : reply;
    }

    /// <summary>Whether somebody listens.</summary>
    public static async Task<bool> IsHeardAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether the server is up and has loaded its data.</summary>
    public static async Task<bool> IsReadyAsync(int port)
    {
        try
        {
            return (await AskAsync(port, "PING")).StartsWith("+PONG", StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<string> AskAsync(int port, string command)
    {
        using var bound = new CancellationTokenSource(Patience, TimeProvider.System);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, bound.Token);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"{RedisUsers.LogIn}\r\n{command}\r\nQUIT\r\n"), bound.Token);
        using var reader = new StreamReader(client.GetStream());
        var login = await reader.ReadLineAsync(bound.Token);
        return login == "+OK" ? await reader.ReadToEndAsync(bound.Token) : login ?? "";
    }
}
