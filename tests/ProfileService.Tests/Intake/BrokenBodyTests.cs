using System.Net.Sockets;
using System.Text;
using ProfileService.TestServers.Fuzz;
using ProfileService.Tests.Privacy;

namespace ProfileService.Tests.Intake;

/// <summary>A body that is no HTTP, or breaks off, is the client's fault: no store is blamed for it, and nothing is logged.</summary>
public sealed class BrokenBodyTests : IDisposable
{
    private readonly LogText _log = new();
    private readonly TestService _service;

    public BrokenBodyTests() => _service = TestService.With(
        _log, ("Mcp:Enabled", "true"), ("Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel", "Debug"));

    public static TheoryData<string, string> Places => new(
        ("POST /v1/events", "application/json"), ("POST /v1/events", "application/x-ndjson"), ("POST /v1/profiles/lookup", "application/json"),
        ("PUT /v1/items/a", "application/json"), ("POST /v1/erasures", "application/x-ndjson"), ("POST /mcp", "application/json"));

    public void Dispose()
    {
        _service.Dispose();
        _log.Dispose();
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void ChunkThatIsNoneIs400AndEndsTheConnection(string request, string type)
    {
        foreach (var chunk in new[] { "zz\r\n[]", "80000000\r\n[", "ffffffffffffffff1\r\n[", "-1\r\n[", "2\r\n[]xx" })
        {
            foreach (var encoding in new[] { "", "Content-Encoding: gzip\r\n" })
            {
                using var socket = Send($"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{encoding}Transfer-Encoding: chunked\r\n\r\n{chunk}");
                var answers = new AnswerReader(socket);
                var answer = answers.Read(hasNoBody: false)!;
                if (request == "POST /mcp" && encoding.Length > 0) // takes none
                    continue;
                Assert.Equal((400, true), (answer.Status, answer.Closes));
                Assert.Contains("bad_request", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
                Assert.Null(answers.Read(hasNoBody: false));
            }
        }

        Assert.DoesNotContain("because a store failed", _log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task ClientThatLeavesInTheMiddleOfABodyIsNoFailure(string request, string type)
    {
        foreach (var framing in new[] { "Content-Length: 1000\r\n\r\n[", "Transfer-Encoding: chunked\r\n\r\n3e8\r\n[" })
        {
            foreach (var encoding in new[] { "", "Content-Encoding: gzip\r\n" })
                Send($"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{encoding}{framing}").Close(0); // RST
        }

        await Eventually.IsTrueAsync(() => Task.FromResult(Count("stopped.") >= 4));
        foreach (var failure in new[] { "Reading is already in progress", "because a store failed", "A request failed" })
            Assert.DoesNotContain(failure, _log.ToString(), StringComparison.Ordinal);

        int Count(string text) => _log.ToString().Split(text).Length - 1; // what Kestrel says at the end of a connection
    }

    [Theory]
    [InlineData("POST /v1/events", "application/json", 17_000_000)]
    [InlineData("POST /v1/profiles/lookup", "application/json", 17_000_000)]
    [InlineData("POST /v1/nothing", "application/json", 100)]
    [InlineData("POST /v1/events?unknown=1", "application/json", 100)]
    [InlineData("POST /v1/events", "text/plain", 100)]
    public void WhoWaitsToSendABodyThatIsRefusedIsToldThatTheConnectionEnds(string request, string type, int bytes)
    {
        using var socket = Send($"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nExpect: 100-continue\r\nContent-Length: {bytes}\r\n\r\n");
        var answer = new AnswerReader(socket).Read(hasNoBody: false)!;
        Assert.InRange(answer.Status, 400, 499);
        Assert.True(answer.Closes);
    }

    [Fact]
    public void WhoWaitsToSendABodyThatIsTakenKeepsTheConnection()
    {
        using var socket = Send("POST /v1/profiles/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 14\r\n\r\n");
        var head = new byte[25];
        Assert.Equal(head.Length, socket.Receive(head));
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(head));
        socket.Send("{\"userIds\":[]}GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8);
        var answers = new AnswerReader(socket);
        Assert.Equal([200, 200], [answers.Read(hasNoBody: false)!.Status, answers.Read(hasNoBody: false)!.Status]);
    }

    private Socket Send(string text)
    {
        var address = _service.Client.BaseAddress!;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 60_000 };
        socket.Connect(address.Host, address.Port);
        socket.Send(Encoding.ASCII.GetBytes(text));
        return socket;
    }
}
