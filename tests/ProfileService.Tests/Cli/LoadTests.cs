using ProfileService.Cli.Load;
using ProfileService.Client;
using ProfileService.Platform;

namespace ProfileService.Tests.Cli;

[Needs(Need.Process)]
public sealed class LoadTests
{
    private const int Paths = 9; // lookups of 1, 10, 50 and 100 in JSON and binary, and ingest

    [Fact]
    public async Task EveryPathIsMeasuredWithoutAnError()
    {
        using var service = new TestService();
        var (exitCode, output) = await RunAsync(service, "--saturation", "false");
        Assert.True(exitCode == 0, output);
        var rows = output.Split('\n').Where(l => l.StartsWith("| lookup", StringComparison.Ordinal) || l.StartsWith("| ingest", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(Paths, rows.Count);
        Assert.All(rows, row => Assert.Equal("0", row[8]));
        Assert.Contains(rows, row => row[6] != "0"); // something was answered
    }

    [Fact]
    public async Task UsersOfALoadHaveWindowsOfTheLengthAskedForAndAreMadeOnce()
    {
        using var service = new TestService();
        var users = new LoadUsers(new ProfileServiceClient(service.Client), eventsPerWindow: 7, TimeProvider.System);
        await users.PrepareAsync(LoadUsers.Named(30), (_, _) => { }, TestContext.Current.CancellationToken);
        var first = (await service.GetAsync("/v1/users/load-000030/profile")).Json;
        await users.PrepareAsync(LoadUsers.Named(30), (_, _) => { }, TestContext.Current.CancellationToken);
        var again = (await service.GetAsync("/v1/users/load-000030/profile")).Json;
        Assert.Equal(7, first.GetProperty("eventCount").GetInt32());
        Assert.Equal(first.GetProperty("revision").GetInt64(), again.GetProperty("revision").GetInt64());
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(100, 3)] // a request has more events than its connection has users
    [InlineData(100, 100)]
    public async Task NoTwoEventsOfALoadAreEqual(int users, int connections)
    {
        using var service = new TestService();
        var path = LoadPath.Ingest(service.Client.BaseAddress!, LoadUsers.Named(users), "ingest", 100, HttpRequest.Json);
        for (var connection = 0; connection < connections; connection++)
        {
            var requests = path.Source(connection, connections);
            for (var i = 0; i < 3; i++)
            {
                var request = System.Text.Encoding.ASCII.GetString(requests.Next());
                var reply = await service.PostAsync("/v1/events", request[request.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]);
                Assert.Equal((100, 0), (reply.Json.GetProperty("accepted").GetInt32(), reply.Json.GetProperty("duplicates").GetInt32()));
            }
        }
    }

    [Fact]
    public async Task RequestsThatFailAreCountedAndNotMeasured()
    {
        using var service = new TestService();
        var url = service.Client.BaseAddress!;
        var requests = LookupRequests.Write(url, ["nobody"], 1, HttpRequest.Json);
        var run = new LoadRun(new(System.Net.IPAddress.Loopback, url.Port), TimeProvider.System);
        await Eventually.IsTrueAsync(() => // until a request was answered within its run
        {
            var result = run.Run(
                _ => new LookupRequests(requests, 1, 0), connections: 2, TimeSpan.Zero, TimeSpan.FromSeconds(.2), rate: null, TestContext.Current.CancellationToken);
            Assert.Equal(0, result.Latencies.Count);
            Assert.StartsWith("404 ", result.FirstError ?? "404 ", StringComparison.Ordinal);
            return Task.FromResult(result.Errors > 0);
        });
    }

    [Fact]
    public async Task AddressWhereNobodyAnswersIsNamed()
    {
        var (exitCode, output) = await CliProcess.RunAsync("load", "--url", "http://127.0.0.1:1");
        Assert.Equal(1, exitCode);
        Assert.Contains("No service responds at http://127.0.0.1:1/", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello")]
    [InlineData("HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 202, "hello world")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nETag: W/\"m-1\"\r\n\r\n", 304, "")]
    public void AnswerIsWholeAtItsLastByteHoweverItComesIn(string text, int status, string body)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(text);
        for (var part = 1; part <= bytes.Length; part++)
        {
            var answer = new HttpAnswer();
            answer.Begin();
            for (var at = 0; at < bytes.Length; at += part)
            {
                Assert.False(answer.IsWhole);
                var some = bytes.AsSpan(at, Math.Min(part, bytes.Length - at));
                some.CopyTo(answer.FreeBuffer);
                answer.Parse(some.Length);
            }

            Assert.True(answer.IsWhole);
            Assert.Equal((status, body), (answer.Status, System.Text.Encoding.ASCII.GetString(answer.Content())));
        }
    }

    [Fact]
    public void PercentilesAreWithinThreePercent()
    {
        var latencies = new LatencyHistogram();
        for (var i = 1; i <= 100_000; i++)
            latencies.Record(TimeSpan.FromMicroseconds(i));
        Assert.InRange(latencies.Percentile(.5).TotalMicroseconds, 50_000 * .97, 50_000 * 1.03);
        Assert.InRange(latencies.Percentile(.99).TotalMicroseconds, 99_000 * .97, 99_000 * 1.03);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(TestService service, params string[] more) => CliProcess.RunAsync(
        ["load", "--url", service.Client.BaseAddress!.ToString(), "--users", "100", "--events", "3", "--connections", "2", "--duration", "0.5", .. more]);
}
