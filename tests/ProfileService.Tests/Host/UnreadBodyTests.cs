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
                AssertTaken($"{method} {path}", $"Host: {Host}\r\nContent-Type: {contentType}\r\n{header}", TooLarge, isChunked);
        }
    }

    [Theory]
    [InlineData("POST /v1/events")]
    [InlineData("POST /v1/events?unknown=1")]
    [InlineData("POST /v1/profiles/lookup")]
    [InlineData("POST /nothing")]
    [InlineData("POST /mcp")]
    public void AfterABodyTooLargeForBatchesTheConnectionTakesTheNextRequest(string request)
    {
        foreach (var isChunked in new[] { false, true })
            AssertTaken(request, $"Host: {Host}\r\nContent-Type: application/json\r\n", TooLargeForBatches, isChunked);
    }

    [Fact]
    public void AfterABodyForAHostThatIsNotAllowedTheConnectionTakesTheNextRequest()
    {
        foreach (var isChunked in new[] { false, true })
            AssertTaken("POST /v1/events", "Host: evil.example\r\nContent-Type: application/json\r\n", TooLarge, isChunked);
    }

    private void AssertTaken(string request, string headers, int bytes, bool isChunked)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000, SendTimeout = 60_000 };
        socket.Connect(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
        var (framing, start, end) = isChunked ? ("Transfer-Encoding: chunked", $"{bytes:x}\r\n", "\r\n0\r\n\r\n") : ($"Content-Length: {bytes}", "", "");
        var sent = Task.Run(() =>
        {
            socket.Send(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\n{headers}{framing}\r\n\r\n{start}"));
            socket.Send(new byte[bytes].AsSpan());
            socket.Send(Encoding.ASCII.GetBytes($"{end}GET /health/live HTTP/1.1\r\nHost: {Host}\r\n\r\n"));
        }, TestContext.Current.CancellationToken);
        var answers = new AnswerReader(socket);
        var first = answers.Read(hasNoBody: request.StartsWith("HEAD", StringComparison.Ordinal));
        Assert.True(first is not null, $"{request}, {headers}: no answer");
        if (!first.Closes)
            Assert.True(answers.Read(hasNoBody: false) is { Status: 200 }, $"{request}, chunked {isChunked}, {headers}: {first.Status}, then nothing");
        Assert.Null(Record.Exception(() => sent.Wait(TestContext.Current.CancellationToken)));
    }
}
