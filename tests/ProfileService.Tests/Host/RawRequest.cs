using System.Net.Sockets;
using System.Text;

namespace ProfileService.Tests.Host;

/// <summary>A request just as it is written, which no client's own idea of an address changes.</summary>
internal static class RawRequest
{
    /// <returns>The whole answer.</returns>
    public static async Task<string> SendAsync(Uri service, string requestLine, string body = "")
    {
        var token = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(service.Host, service.Port, token);
        var stream = client.GetStream();
        var request = $"{requestLine}\r\nHost: {service.Authority}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(token);
    }
}
