using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProfileService.Cli.Load;
using HttpRequest = ProfileService.Cli.Load.HttpRequest;

namespace ProfileService.Tests.Cli;

/// <summary>Requests that arrive at a rate of their own: what waits counts, and what was not sent is told.</summary>
[Needs(Need.Process)]
public sealed class OpenLoopTests
{
    private const int Connections = 2;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(300);

    private int _stalled; // requests that met the stall

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A closed loop has as many latencies of a stall as connections, so that its percentiles hide it.</summary>
    [Fact]
    public async Task StallThatFewRequestsMeetShowsInThePercentileOfAnOpenLoop()
    {
        var open = await Eventually.AnswersAsync(() => RunAsync(rate: 100), _ => _stalled > 0); // a slow start leaves too few requests
        Assert.InRange(_stalled, 1, Connections);
        Assert.True(open.P99 >= Stall.TotalMilliseconds / 2, "All that were due in its first half have waited as long.");
    }

    [Fact]
    public async Task EveryRequestThatWasDueIsAnsweredOrCountedAsUnsent()
    {
        var open = await RunAsync(rate: 100);
        Assert.Equal(0, open.Errors);
        Assert.InRange(open.Scheduled, 199, 201); // the rate times the duration, but for where the first one falls
        Assert.Equal(open.Scheduled, open.Latencies.Count + open.Unsent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ArrivalsHaveTheirRateHoweverTheyAreSpaced(bool random)
    {
        var time = TimeProvider.System;
        var arrivals = new Arrivals(time, perSecond: 1_000, random ? new Random(1) : null);
        var due = Enumerable.Range(0, 10_001).Select(_ => arrivals.Next()).ToList();
        Assert.Equal(due.Order(), due);
        Assert.InRange(time.GetElapsedTime(due[0], due[^1]).TotalSeconds, random ? 9.7 : 9.999, random ? 10.3 : 10.001);
    }

    [Fact]
    public async Task RateThatIsKeptIsShownBesideTheOneThatWasAskedFor()
    {
        using var service = new TestService();
        await Eventually.IsTrueAsync(async () => // a machine under load may not keep it
        {
            var (exitCode, output) = await LoadAsync(service, "--rate", "1", "--duration", "2");
            var (head, row) = (Cells(output, "| path"), Cells(output, "| lookup"));
            Assert.Equal("1", row[head.IndexOf("asked req/s")]);
            Assert.DoesNotContain("| ingest", output, StringComparison.Ordinal); // --path names the lookup alone
            var isKept = row[head.IndexOf("rate kept")] == "yes";
            Assert.True(exitCode == (isKept ? 0 : 1), output);
            return isKept;
        });
    }

    [Fact]
    public async Task RateThatCannotBeKeptIsSaidAndTheExitStatusIsOne()
    {
        using var service = new TestService();
        var (exitCode, output) = await LoadAsync(service, "--rate", "100000", "--duration", "0.5");
        Assert.True(exitCode == 1, output);
        Assert.Contains("the rate was not kept", output, StringComparison.Ordinal);
        Assert.Contains("NO", Cells(output, "| lookup"));
    }

    private static List<string> Cells(string output, string start) =>
        [.. output.Split('\n').Single(l => l.StartsWith(start, StringComparison.Ordinal)).Split('|', StringSplitOptions.TrimEntries)];

    private static Task<(int ExitCode, string Output)> LoadAsync(TestService service, params string[] more) => CliProcess.RunAsync(
    [
        "load", "--url", service.Client.BaseAddress!.ToString(), "--users", "100", "--events", "3", "--connections", "1",
        "--path", "lookup-json-1", .. more,
    ]);

    private async Task<LoadResult> RunAsync(double rate)
    {
        _stalled = 0;
        await using var app = Stalling();
        await app.StartAsync(Token);
        var url = new Uri(app.Urls.Single());
        var requests = LookupRequests.Write(url, ["u1"], 1, HttpRequest.Json);
        var run = new LoadRun(new IPEndPoint(IPAddress.Loopback, url.Port), TimeProvider.System);
        return await Task.Run(() => run.Run(_ => new LookupRequests(requests, 1, 0), Connections, TimeSpan.Zero, Duration, rate, Token));
    }

    /// <summary>Answers at once, but for one time at which every request has to wait.</summary>
    private WebApplication Stalling()
    {
        const int stalledAt = 20; // requests before it
        var (seen, stall) = (0, new Lazy<Task>(() => Task.Delay(Stall, TimeProvider.System, Token)));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            if (Interlocked.Increment(ref seen) > stalledAt && !stall.Value.IsCompleted)
            {
                Interlocked.Increment(ref _stalled);
                await stall.Value;
            }

            await context.Response.WriteAsync("{}", Token);
        });
        return app;
    }
}
