using System.Net;
using System.Net.Sockets;

namespace ProfileService.Cli.Load;

/// <summary>
/// An HTTP/1.1 connection that sends prepared requests and blocks until each response arrives. HttpClient would use about as much CPU time
/// per request as the measured service, on the same cores; this class only writes and reads.
/// </summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly HttpAnswer _answer = new();
    private Socket? _socket;

    /// <summary>
    /// Sends a request and reads its response, which is valid until the next call. After an exception the next call reconnects.
    /// </summary>
    /// <exception cref="SocketException">The service does not respond.</exception>
    /// <exception cref="InvalidDataException">The service does not send an HTTP response.</exception>
    public HttpAnswer Send(ReadOnlySpan<byte> request)
    {
        try
        {
            var socket = _socket ??= Connect();
            while (!request.IsEmpty)
                request = request[socket.Send(request)..];
            _answer.Begin();
            while (!_answer.IsWhole)
            {
                var received = socket.Receive(_answer.FreeBuffer);
                if (received == 0)
                    throw new SocketException((int)SocketError.ConnectionReset);
                _answer.Parse(received);
            }

            if (_answer.Closes)
                Close();
            return _answer;
        }
        catch
        {
            Close();
            throw;
        }
    }

    public void Dispose() => Close();

    private Socket Connect()
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)LongestWait.TotalMilliseconds,
        };
        try
        {
            socket.Connect(server);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
