using System.Net;
using System.Net.Sockets;

namespace ProfileService.Cli.Load;

/// <summary>
/// One HTTP/1.1 connection that sends ready-made requests and waits for each answer on its own thread. It is no HttpClient, for that costs
/// about as much CPU a request as the service that is measured, and both run on the same cores; this costs a write and a read.
/// </summary>
internal sealed class HttpConnection(IPEndPoint server) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly HttpAnswer _answer = new();
    private Socket? _socket;

    /// <summary>Sends a request and reads its answer, which stands until the next call.</summary>
    /// <exception cref="SocketException">The service does not answer; the next call connects anew.</exception>
    /// <exception cref="InvalidDataException">What came is no HTTP answer; likewise.</exception>
    public HttpAnswer Ask(ReadOnlySpan<byte> request)
    {
        try
        {
            var socket = _socket ??= Connect();
            while (!request.IsEmpty)
                request = request[socket.Send(request)..];
            _answer.Begin();
            while (!_answer.IsWhole)
            {
                var received = socket.Receive(_answer.Room);
                if (received == 0)
                    throw new SocketException((int)SocketError.ConnectionReset);
                _answer.Take(received);
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
