using System.Net;
using System.Net.Sockets;
using System.Text;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Intake;

/// <summary>Bodies that trickle end, at every address; a stream that keeps flowing goes on meanwhile.</summary>
public sealed class SlowBodyTests(SlowBodyTests.Fixture fixture) : IClassFixture<SlowBodyTests.Fixture>
{
    private const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private static readonly (string Method, string Path, string Type)[] Addresses =
    [
        ("POST", "/v1/events", Ndjson), ("POST", "/v1/events", Json), ("POST", "/v1/items", Ndjson), ("POST", "/v1/items", Json), ("PUT", "/v1/items/i1", Json),
        ("POST", "/v1/attributes", Ndjson), ("POST", "/v1/attributes", Json), ("PUT", "/v1/users/u1/attributes", Json), ("POST", "/v1/profiles/lookup", Json),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TricklingBodiesEndAndOneThatFlowsGoesOn()
    {
        using var trickling = new CancellationTokenSource();
        var flowing = FlowAsync(trickling.Token);
        var ends = await Task.WhenAll(Addresses.Select(address => TrickleAsync(address.Method, address.Path, address.Type))); // 300 bytes a second
        Assert.All(ends, end => Assert.StartsWith("HTTP/1.1 408 ", end, StringComparison.Ordinal));
        Assert.All(ends, end => Assert.Contains("\"code\":\"too_slow\"", end, StringComparison.Ordinal));
        await trickling.CancelAsync();
        Assert.StartsWith("HTTP/1.1 202 ", await flowing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyThatIsLateButFastEnoughEndsWithItsRequest()
    {
        using var hurried = new TestService(("Hosting:RequestTimeout", "00:00:02"), ("Lookup:FreshTimeout", "00:00:01"), ("Hosting:MinDataRate", "240"));
        using var socket = await ConnectAsync(hurried);
        var end = await SendAsync(socket, "POST", "/v1/events", Json, new string(' ', 100), untilAnswered: true, CancellationToken.None);
        Assert.StartsWith("HTTP/1.1 408 ", end, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadThatTricklesEnds()
    {
        using var socket = await ConnectAsync(fixture.Service);
        await socket.SendAsync("GET /health/live HTTP/1.1\r\nX-A: "u8.ToArray(), Token);
        var answer = ReceiveAsync(socket);
        while (!answer.IsCompleted)
        {
            await TrySendAsync(socket, "b"u8.ToArray());
            await Task.Delay(Step, TimeProvider.System, Token);
        }

        Assert.StartsWith("HTTP/1.1 408 ", await answer, StringComparison.Ordinal);
    }

    private async Task<string> TrickleAsync(string method, string path, string type)
    {
        using var socket = await ConnectAsync(fixture.Service);
        return await SendAsync(socket, method, path, type, new string(' ', 29) + "\n", untilAnswered: true, CancellationToken.None);
    }

    private async Task<string> FlowAsync(CancellationToken until)
    {
        using var socket = await ConnectAsync(fixture.Service);
        var line = Event(1, "flow", text: new string('x', 2_000)).Json() + "\n";
        var piece = string.Concat(Enumerable.Repeat(line, 20)); // fast enough also if 10 s pass between two pieces
        return await SendAsync(socket, "POST", "/v1/events", Ndjson, piece, untilAnswered: false, until);
    }

    /// <summary>Sends the same piece again and again, until there is an answer or it is told to end the body.</summary>
    private static async Task<string> SendAsync(Socket socket, string method, string path, string type, string piece, bool untilAnswered, CancellationToken until)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n"), Token);
        var answer = ReceiveAsync(socket);
        while (!answer.IsCompleted && !until.IsCancellationRequested)
        {
            await TrySendAsync(socket, Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n{piece}\r\n"));
            await Task.Delay(Step, TimeProvider.System, Token);
        }

        if (!untilAnswered)
            await socket.SendAsync("0\r\n\r\n"u8.ToArray(), Token);
        return await answer;
    }

    private static async Task TrySendAsync(Socket socket, byte[] piece)
    {
        try
        {
            await socket.SendAsync(piece, Token);
        }
        catch (SocketException)
        {
            // The service has closed; its answer was read before.
        }
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var (all, buffer) = (new StringBuilder(), new byte[4_096]);
        try
        {
            while (await socket.ReceiveAsync(buffer, Token) is > 0 and var received)
                all.Append(Encoding.UTF8.GetString(buffer, 0, received));
        }
        catch (SocketException)
        {
            // Closed while more was being sent.
        }

        return all.ToString();
    }

    private static async Task<Socket> ConnectAsync(TestService service)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, service.Client.BaseAddress!.Port, Token);
        return socket;
    }

    /// <summary>A service that asks for the usual rate, not for the low one of tests.</summary>
    public sealed class Fixture : IDisposable
    {
        public TestService Service { get; } = new(("Hosting:MinDataRate", "4096"));

        public void Dispose() => Service.Dispose();
    }
}
