using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ProfileService.Host;

/// <summary>Reads one request on a management address and responds, on the calling thread.</summary>
/// <param name="onLoopback">Whether the service listens on a loopback address there.</param>
/// <param name="longestRead">For the whole request head; also for sending the response.</param>
internal sealed class ManagementConnection(
    Socket connection, AllowedHosts hosts, bool onLoopback, TimeSpan longestRead, IServiceProvider services) : IDisposable
{
    private const int MaxHeadBytes = 8_192;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, RequestDelegate> Routes = new()
    {
        [HealthApi.Live] = HealthApi.AnswerLiveAsync,
        [HealthApi.ReadyPath] = HealthApi.AnswerReadyAsync,
    };

    private bool _isSilent = true; // until the whole head has arrived, or the connection is closed because it has not

    public void Serve()
    {
        connection.SendTimeout = (int)longestRead.TotalMilliseconds;
        if (ReadHead() is not { } head || !Interlocked.Exchange(ref _isSilent, false))
            return;
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Response.Body = body;
        var lines = head.Split("\r\n");
        if (lines.Skip(1).Select(HostOf).OfType<string>().All(host => hosts.AllowProbe(host, onLoopback)))
            Answer(context, lines[0].Split(' '));
        else
            Say(context, StatusCodes.Status400BadRequest, AllowedHosts.Refusal);
        Send(context, body);
    }

    /// <summary>Closes the connection if its head is incomplete and no unread data is there; returns whether it did.</summary>
    public bool CloseIfSilent()
    {
        if (HasData() || !Interlocked.Exchange(ref _isSilent, false))
            return false;
        Dispose(); // ends the read
        return true;
    }

    public void Dispose() => connection.Dispose();

    /// <summary>Whether something arrived that is not read yet: the thread may not have begun.</summary>
    private bool HasData()
    {
        try
        {
            return connection.Available > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>The request's head; null if it does not arrive in time or is too long.</summary>
    private string? ReadHead()
    {
        var (bytes, length, end) = (new byte[MaxHeadBytes], 0, Environment.TickCount64 + (long)longestRead.TotalMilliseconds);
        while (length < bytes.Length && end - Environment.TickCount64 is > 0 and var left)
        {
            connection.ReceiveTimeout = (int)left;
            var read = connection.Receive(bytes, length, bytes.Length - length, SocketFlags.None);
            if (read == 0)
                return null;
            length += read;
            if (bytes.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var headEnd)
                return Encoding.ASCII.GetString(bytes, 0, headEnd);
        }

        return null;
    }

    /// <summary>The value of a Host header; null for another line.</summary>
    private static string? HostOf(string line) =>
        line.Split(':', 2) is [var name, var value] && name.Trim().Equals("Host", StringComparison.OrdinalIgnoreCase) ? value.Trim() : null;

    private static void Answer(HttpContext context, string[] requestLine)
    {
        if (requestLine is not [var method, var target, _] || !(HttpMethods.IsGet(method) || HttpMethods.IsHead(method)))
        {
            Say(context, StatusCodes.Status405MethodNotAllowed, "Only GET and HEAD are supported.");
            return;
        }

        context.Request.Method = method;
        context.Request.Path = target.Split('?')[0] is ['/', ..] path ? path : "/";
        if (!Routes.TryGetValue(context.Request.Path.Value!.TrimEnd('/'), out var route))
            Say(context, StatusCodes.Status404NotFound, $"Only {string.Join(" and ", Routes.Keys)} are served at this address.");
        else if (!route(context).Wait(LongestAnswer))
            throw new IOException("The response was not ready in time.");
    }

    private static void Say(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.Body.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }

    private void Send(DefaultHttpContext context, MemoryStream body)
    {
        SafeHeaders.AddNow(context);
        var (response, head) = (context.Response, new StringBuilder());
        var reason = ReasonPhrases.GetReasonPhrase(response.StatusCode);
        head.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.StatusCode} {reason}\r\n");
        response.Headers.ContentLength = body.Length;
        response.Headers.Connection = "close";
        foreach (var (name, value) in response.Headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        connection.Send(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        if (!HttpMethods.IsHead(context.Request.Method))
            connection.Send(body.ToArray());
        connection.Shutdown(SocketShutdown.Send);
    }
}
