using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ProfileService.TestServers.Fuzz;

namespace ProfileService.Tests.Host;

/// <summary>Drawn requests over raw connections; <c>./bench --fuzz</c> sends a million of them.</summary>
[Needs(Need.Process)]
public sealed class FuzzTests
{
    private const int Requests = 20_000;
    private const int Seed = 7;
    private const long MaxMemory = 1L << 30;

    private static readonly FuzzRequest Fine = new([], HasNoBody: false, MayBeRefused: false, IsLast: false);

    [Fact]
    public async Task DrawnRequestsAreAllAnsweredByTheRules()
    {
        using var folder = new TempDirectory();
        var (totals, memory) = await FuzzRun.RunAsync(Requests, Seed, folder.Path, slow: null, TestContext.Current.CancellationToken);
        Assert.True(totals.Broken.Count == 0,
            string.Join('\n', totals.Broken.Select(pair => $"{pair.Value} times: {pair.Key}\n{Example(folder, pair.Key)}")));
        Assert.True(totals.Answered > Requests / 2, totals.Statuses());
        Assert.InRange(memory, 1, MaxMemory);
    }

    [Theory]
    [InlineData(500, "application/problem+json", "{\"code\":\"failed\",\"detail\":\"x\"}")]
    [InlineData(503, "application/problem+json", "{\"code\":\"unavailable\",\"detail\":\"x\"}")] // no Retry-After
    [InlineData(404, "text/plain", "not found")]
    [InlineData(404, "application/problem+json", "{\"detail\":\"x\"}")]
    [InlineData(400, "application/problem+json", "")]
    public void AnswerThatBreaksARuleIsSeen(int status, string type, string body) =>
        Assert.NotNull(AnswerRules.Break(Fine,
            new Answer(status, new Dictionary<string, string> { ["content-type"] = type }, Encoding.UTF8.GetBytes(body), default)));

    [Fact]
    public async Task AnswersAreReadOneByOneHoweverTheyAreFramed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using (var server = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken))
            await server.SendAsync(Encoding.ASCII.GetBytes(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                + "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 304 Not Modified\r\n\r\n"));

        var reader = new AnswerReader(client);
        var answers = Enumerable.Range(0, 3).Select(_ => reader.Read(hasNoBody: false)!).Select(a =>
            string.Create(CultureInfo.InvariantCulture, $"{a.Status} {Encoding.ASCII.GetString(a.Body)}"));
        Assert.Equal(["200 ok", "404 abc", "304 "], answers);
        Assert.Null(reader.Read(hasNoBody: false));
    }

    private static string Example(TempDirectory folder, string what) =>
        Directory.GetFiles(folder.Path).Where(file =>
            Path.GetFileName(file).StartsWith(what[..3], StringComparison.Ordinal)).Select(File.ReadAllText).FirstOrDefault("");
}
