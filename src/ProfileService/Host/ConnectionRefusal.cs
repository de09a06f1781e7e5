using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>Tells those who connect beyond the bound 503 with Retry-After; a client that speaks TLS finds its connection closed.</summary>
internal sealed partial class ConnectionRefusal(ConnectionLimits limits, TimeProvider time, ILogger<ConnectionRefusal> logger)
{
    private const byte TlsHandshake = 0x16; // begins a TLS connection, and no HTTP request
    private const string Detail = "This process has as many connections as it can take. Try again, or keep fewer open.";

    private static readonly TimeSpan LongestSilence = TimeSpan.FromMilliseconds(250); // of a client that has connected
    private static readonly TimeSpan LongestStay = TimeSpan.FromSeconds(1); // of one that was answered
    private static readonly TimeSpan BetweenLogs = TimeSpan.FromSeconds(10);
    private static readonly byte[] Answer = new OverloadAnswer(Detail).ToHttp();

    private long _refused;
    private long _loggedAt;

    /// <summary>Ends as soon as no more than <see cref="ConnectionLimits.Refused"/> connections stay for it.</summary>
    /// <param name="most">Connections that are taken.</param>
    public async ValueTask RefuseAsync(ConnectionContext connection, long most)
    {
        Note(most);
        if (limits.Refused.TryTake())
            _ = Task.Run(() => AnswerAsync(connection));
        else
            await AnswerBlindlyAsync(connection);
    }

    /// <summary>Without waiting for the request; a client that sends it later may find the connection reset before it reads the answer.</summary>
    private static async Task AnswerBlindlyAsync(ConnectionContext connection)
    {
        try
        {
            await connection.Transport.Output.WriteAsync(Answer);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // The client has gone. Whatever else came out of here would end the loop that accepts connections.
        }

        await connection.DisposeAsync();
    }

    private async Task AnswerAsync(ConnectionContext connection)
    {
        try
        {
            using var limit = new CancellationTokenSource(LongestSilence, time);
            if (!await SpeaksHttpAsync(connection, limit.Token))
                return;
            limit.CancelAfter(LongestStay);
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
            connection.Abort();
            await connection.DisposeAsync();
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

    private void Note(long most)
    {
        var (refused, last, now) = (Interlocked.Increment(ref _refused), Interlocked.Read(ref _loggedAt), time.GetTimestamp());
        if ((last != 0 && time.GetElapsedTime(last, now) < BetweenLogs) || Interlocked.CompareExchange(ref _loggedAt, now, last) != last)
            return;
        Interlocked.Exchange(ref _refused, 0);
        LogRefused(refused, most);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Refused} connections were refused, for {Most} are open: what the file descriptors, the memory or Hosting:MaxConnections allow")]
    private partial void LogRefused(long refused, long most);
}
