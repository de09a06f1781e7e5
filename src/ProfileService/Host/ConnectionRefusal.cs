using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Responds to connections beyond the limit with 503 and Retry-After. A TLS connection is closed without a response.
/// </summary>
internal sealed partial class ConnectionRefusal(ConnectionLimits limits, TimeProvider time, ILogger<ConnectionRefusal> logger)
{
    private const byte TlsHandshake = 0x16; // first byte of a TLS connection, and of no HTTP request
    private const string Detail = "This process has reached its connection limit. Try again, or keep fewer connections open.";

    private static readonly TimeSpan LongestSilence = TimeSpan.FromMilliseconds(250); // wait for the first byte of a request
    // Wait for the client to close the connection after the response.
    private static readonly TimeSpan LongestStay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);
    private static readonly byte[] Answer = new OverloadAnswer(Detail).ToHttp();

    private long _refused;
    private long _loggedAt;

    /// <summary>Refuses a connection. Returns at once unless <see cref="ConnectionLimits.Refused"/> is exhausted.</summary>
    /// <param name="max">Maximum number of open connections, for the log.</param>
    public async ValueTask RefuseAsync(ConnectionContext connection, long max)
    {
        CountAndLog(max);
        if (limits.Refused.TryAcquire())
            _ = Task.Run(() => RespondAsync(connection));
        else
            await RespondWithoutReadingAsync(connection);
    }

    /// <summary>
    /// Responds without waiting for the request. If the client sends its request later, it may see a connection reset instead of the
    /// response.
    /// </summary>
    private static async Task RespondWithoutReadingAsync(ConnectionContext connection)
    {
        try
        {
            await connection.Transport.Output.WriteAsync(Answer);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client has disconnected. An exception would end the loop that accepts connections.
        }

        await connection.DisposeAsync();
    }

    private async Task RespondAsync(ConnectionContext connection)
    {
        try
        {
            using var limit = new CancellationTokenSource(LongestSilence, time);
            if (!await SpeaksHttpAsync(connection, limit.Token))
                return;
            limit.CancelAfter(LongestStay);
            await connection.Transport.Output.WriteAsync(Answer, limit.Token);
            // A close with unread input would reset the connection and discard the response.
            while (await connection.Transport.Input.ReadAsync(limit.Token) is { IsCompleted: false } more)
                connection.Transport.Input.AdvanceTo(more.Buffer.End);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client sent nothing, did not close the connection, or has disconnected.
        }
        finally
        {
            connection.Abort();
            await connection.DisposeAsync();
            limits.Refused.Release();
        }
    }

    private static async Task<bool> SpeaksHttpAsync(ConnectionContext connection, CancellationToken cancellationToken)
    {
        var read = await connection.Transport.Input.ReadAsync(cancellationToken);
        var isHttp = !read.Buffer.IsEmpty && read.Buffer.FirstSpan[0] != TlsHandshake;
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        return isHttp;
    }

    private void CountAndLog(long max)
    {
        var (refused, last, now) = (Interlocked.Increment(ref _refused), Interlocked.Read(ref _loggedAt), time.GetTimestamp());
        if ((last != 0 && time.GetElapsedTime(last, now) < LogInterval) || Interlocked.CompareExchange(ref _loggedAt, now, last) != last)
            return;
        Interlocked.Exchange(ref _refused, 0);
        LogRefused(refused, max);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Refused} connections were refused because {Max} are open, "
        + "the maximum that the file descriptors, the memory or Hosting:MaxConnections allow")]
    private partial void LogRefused(long refused, long max);
}
