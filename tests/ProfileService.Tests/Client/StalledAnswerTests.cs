using System.Net;
using System.Net.Sockets;
using System.Text;
using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>A service that begins an answer and never ends it does not keep the client for ever.</summary>
public sealed class StalledAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Content-Length: 131072\r\nContent-Type: application/octet-stream\r\nX-Profile-Model: m/1\r\nX-Profile-Dimension: 16\r\nX-Profile-Count: 2048\r\n\r\nabcd")]
    [InlineData("Content-Length: 131072\r\nContent-Type: application/json\r\n\r\n{\"profiles\":[")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n4\r\n{\"pr\r\n")]
    public async Task AnswerThatStallsIsGivenUpAfterItsTime(string head)
    {
        using var server = new StallingServer(head);
        var client = ProfileServiceClient.Create(server.Address, new RetryOptions { ReadTimeout = TimeSpan.FromMilliseconds(50) });
        var ids = Enumerable.Range(0, 2_048).Select(i => $"u{i}").ToList();
        var e = await Assert.ThrowsAsync<TimeoutException>(() => head.Contains("octet", StringComparison.Ordinal) ? client.LookupVectorsAsync(ids, Token) : client.LookupAsync(ids, Token));
        Assert.Contains("ReadTimeout", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Of an answer that is read line by line, too.</summary>
    [Fact]
    public async Task RefusalThatStallsIsGivenUpAfterItsTime()
    {
        using var server = new StallingServer("Content-Length: 500\r\nContent-Type: application/problem+json\r\n\r\n{\"code", "400 Bad Request");
        var client = ProfileServiceClient.Create(server.Address, new RetryOptions { ReadTimeout = TimeSpan.FromMilliseconds(50) });
        var e = await Assert.ThrowsAsync<TimeoutException>(() => client.GetChangesAsync(cancellationToken: Token));
        Assert.Contains("ReadTimeout", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallerThatCancelsIsNotKeptByAnAnswerThatStalls()
    {
        using var server = new StallingServer("Content-Length: 131072\r\nContent-Type: application/json\r\n\r\n{\"profiles\":[");
        using var cancel = new CancellationTokenSource();
        var asking = ProfileServiceClient.Create(server.Address).LookupAsync(["u1"], cancel.Token);
        await server.Answered;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    /// <summary>Answers each connection with this, and then says no more.</summary>
    private sealed class StallingServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<Socket> _sockets = [];
        private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StallingServer(string head, string status = "200 OK")
        {
            _listener.Start();
            _ = AnswerAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{head}"));
        }

        public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public Task Answered => _answered.Task;

        public void Dispose()
        {
            _listener.Dispose();
            _sockets.ForEach(s => s.Dispose());
        }

        private async Task AnswerAsync(byte[] answer)
        {
            while (await _listener.AcceptSocketAsync(Token) is { } socket)
            {
                _sockets.Add(socket);
                await socket.ReceiveAsync(new byte[1 << 16], Token);
                await socket.SendAsync(answer, Token);
                _answered.TrySetResult();
            }
        }
    }
}
