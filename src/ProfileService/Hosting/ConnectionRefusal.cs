using System.Text;
using Microsoft.AspNetCore.Connections;

namespace ProfileService.Hosting;

/// <summary>Tells those who connect beyond the bound 503 with Retry-After; a client that speaks TLS finds its connection closed.</summary>
internal sealed partial class ConnectionRefusal(ConnectionLimits limits, TimeProvider time, ILogger<ConnectionRefusal> logger)
{
    private const byte TlsHandshake = 0x16; // begins a TLS connection, and no HTTP request
    private const string Detail = "This process has as many connections as it can take. Try again, or keep fewer open.";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1); // for the request, and for the client to close
    private static readonly TimeSpan BetweenLogs = TimeSpan.FromSeconds(10);
    private static readonly byte[] Answer = Write();

    private long _refused;
    private long _loggedAt;

    /// <summary>Returns at once.</summary>
    /// <param name="most">Connections that are taken.</param>
    public void Refuse(ConnectionContext connection, long most)
    {
        Note(most);
        if (limits.Refused.TryTake())
            _ = AnswerAsync(connection);
        else
            _ = CloseAsync(connection);
    }

    private async Task AnswerAsync(ConnectionContext connection)
    {
        await Task.Yield(); // whoever accepts goes on accepting
        try
        {
            using var limit = new CancellationTokenSource(LongestWait, time);
            if (!await SpeaksHttpAsync(connection, limit.Token))
                return;
            await connection.Transport.Output.WriteAsync(Answer, limit.Token);
            while (await connection.Transport.Input.ReadAsync(limit.Token) is { IsCompleted: false } more) // what is unread at the close takes the answer with it
                connection.Transport.Input.AdvanceTo(more.Buffer.End);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client said nothing, or stays, or has gone.
        }
        finally
        {
            await CloseAsync(connection);
            limits.Refused.Give();
        }
    }

    private static async Task<bool> SpeaksHttpAsync(ConnectionContext connection, CancellationToken cancellationToken)
    {
        var read = await connection.Transport.Input.ReadAsync(cancellationToken);
        var isHttp = !read.Buffer.IsEmpty && read.Buffer.FirstSpan[0] != TlsHandshake;
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        return isHttp;
    }

    private static async Task CloseAsync(ConnectionContext connection)
    {
        connection.Abort();
        await connection.DisposeAsync();
    }

    private void Note(long most)
    {
        var (refused, last, now) = (Interlocked.Increment(ref _refused), Interlocked.Read(ref _loggedAt), time.GetTimestamp());
        if ((last != 0 && time.GetElapsedTime(last, now) < BetweenLogs) || Interlocked.CompareExchange(ref _loggedAt, now, last) != last)
            return;
        Interlocked.Exchange(ref _refused, 0);
        LogRefused(refused, most);
    }

    private static byte[] Write()
    {
        var body = $$"""{"type":"https://tools.ietf.org/html/rfc9110#section-15.6.4","title":"Service Unavailable","status":503,"detail":"{{Detail}}"}""";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nContent-Length: {body.Length}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n{body}");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Refused} connections were refused, for {Most} are open: what the file descriptors, the memory or Hosting:MaxConnections allow")]
    private partial void LogRefused(long refused, long most);
}
