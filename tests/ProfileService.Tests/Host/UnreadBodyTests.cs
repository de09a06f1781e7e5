using System.Net.Sockets;
using System.Text;
using ProfileService.TestServers.Fuzz;

namespace ProfileService.Tests.Host;

/// <summary>
/// Whatever a body's size and however its request is answered, the connection takes the next request: an answer that did not say
/// <c>Connection: close</c> has promised that.
/// </summary>
public sealed class UnreadBodyTests(TestService service) : IClassFixture<TestService>
{
    private const int TooLarge = 1_200_000; // for every address but those of batches
    private const int TooLargeForBatches = 17_000_000;
    private const int Patience = 60_000; // milliseconds without a byte

    // The service reads 5 s of a body that it has refused, and then closes.
    private static readonly TimeSpan LongestSending = TimeSpan.FromSeconds(3);

    private static readonly string[] Elsewhere = ["/", "/nothing", "/favicon.ico", "/v1/nothing", "/health/live", "/metrics", "/swagger/v1/swagger.json"];

    private string Host => service.Client.BaseAddress!.Authority;

    [Theory]
    [InlineData("", "application/json", "")]
    [InlineData("?unknown=1", "application/json", "")]
    [InlineData("", "text/plain", "")]
    [InlineData("", "application/json", "Content-Encoding: br\r\n")]
    [InlineData("", "application/json", "Content-Encoding: gzip\r\n")]
    [InlineData("", "application/json", "Sec-Fetch-Site: cross-site\r\n")]
    public async Task AfterALargeBodyTheConnectionTakesTheNextRequest(string query, string contentType, string header)
    {
        var routes = (await Route.AllAsync(service)).Select(route => (route.Method, Path: route.Path + query))
            .Concat(Elsewhere.SelectMany(path => new[] { ("POST", path + query), ("PUT", path + query), ("GET", path + query) }))
            .Append(("POST", "/mcp" + query));
        foreach (var (method, path) in routes)
        {
            foreach (var isChunked in new[] { false, true })
                await AssertTakenAsync($"{method} {path}", $"Host: {Host}\r\nContent-Type: {contentType}\r\n{header}", TooLarge, isChunked);
        }
    }

    [Theory]
    [InlineData("POST /v1/events")]
    [InlineData("POST /v1/events?unknown=1")]
    [InlineData("POST /v1/profiles/lookup")]
    [InlineData("POST /nothing")]
    [InlineData("POST /mcp")]
    public async Task AfterABodyTooLargeForBatchesTheConnectionTakesTheNextRequest(string request)
    {
        foreach (var isChunked in new[] { false, true })
            await AssertTakenAsync(request, $"Host: {Host}\r\nContent-Type: application/json\r\n", TooLargeForBatches, isChunked);
    }

    [Fact]
    public async Task AfterABodyForAHostThatIsNotAllowedTheConnectionTakesTheNextRequest()
    {
        foreach (var isChunked in new[] { false, true })
            await AssertTakenAsync("POST /v1/events", "Host: evil.example\r\nContent-Type: application/json\r\n", TooLarge, isChunked);
    }

    /// <summary>Asserts that the next request is taken. Where a busy machine took long to send the body or to answer, it is sent again.</summary>
    private async Task AssertTakenAsync(string request, string headers, int bytes, bool isChunked)
    {
        var last = new Outcome(null, false);
        await Eventually.ComesTrueAsync(
            () => Task.FromResult(!(last = Try(request, headers, bytes, isChunked)).WasSlow), Eventually.Bound);
        Assert.Null(last.Fault);
    }

    private Outcome Try(string request, string headers, int bytes, bool isChunked)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Patience, SendTimeout = Patience };
        socket.Connect(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        var began = TimeProvider.System.GetTimestamp();
        var sending = Task.Run(
            () => (Record.Exception(() => Send(socket, request, headers, bytes, isChunked)), TimeProvider.System.GetElapsedTime(began)),
            TestContext.Current.CancellationToken);
        var answered = Record.Exception(() => AssertAnswered(new AnswerReader(socket), $"{request}, chunked {isChunked}, {headers}"));
        var (sent, took) = sending.Result;
        var fault = answered ?? sent;
        return new Outcome(fault, fault is not null && (took > LongestSending || IsTimeout(fault)));
    }

    private static bool IsTimeout(Exception fault) =>
        fault is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock }; // the latter on Linux

    private void Send(Socket socket, string request, string headers, int bytes, bool isChunked)
    {
        var (framing, start, end) = isChunked ? ("Transfer-Encoding: chunked", $"{bytes:x}\r\n", "\r\n0\r\n\r\n") : ($"Content-Length: {bytes}", "", "");
        socket.Send(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\n{headers}{framing}\r\n\r\n{start}"));
        socket.Send(new byte[bytes].AsSpan());
        socket.Send(Encoding.ASCII.GetBytes($"{end}GET /health/live HTTP/1.1\r\nHost: {Host}\r\n\r\n"));
    }

    private static void AssertAnswered(AnswerReader answers, string request)
    {
        var first = answers.Read(hasNoBody: request.StartsWith("HEAD", StringComparison.Ordinal));
        Assert.True(first is not null, $"{request}: no answer");
        if (!first.Closes)
            Assert.True(answers.Read(hasNoBody: false) is { Status: 200 }, $"{request}: {first.Status}, then nothing");
    }

    private sealed record Outcome(Exception? Fault, bool WasSlow);
}
