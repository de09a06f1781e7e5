using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>What a rolling update does to a process: SIGTERM, while clients go on sending.</summary>
[Needs(Need.Process)]
public sealed class DrainTests : IDisposable
{
    private const string UntilSecondSignal = "--Hosting:DrainFor=00:10:00";
    private const int Requests = 100;

    private readonly TempDirectory _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RequestsAreServedAfterSigtermWhileReadinessIsRedAndAnswersCloseTheirConnections(bool onKeptConnections)
    {
        using var service = await ServiceProcess.StartAsync(_data, UntilSecondSignal);
        using var handler = new SocketsHttpHandler();
        if (!onKeptConnections)
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        using var client = new HttpClient(handler) { BaseAddress = service.Client.BaseAddress };
        Assert.False(await PostAsync(client, 0));

        await TerminateAsync(service);
        for (var i = 1; i <= Requests; i++)
            Assert.True(await PostAsync(client, i), "the connection is kept");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/live", UriKind.Relative), Token)).StatusCode);
        await service.Client.NobodyIsDueAsync(); // the refresh goes on
        await EndAsync(service);
    }

    /// <summary>Whoever follows the changes asks again as soon as it is answered, and would otherwise do nothing else until the stop.</summary>
    [Fact]
    public async Task WhoeverWaitsForChangesInADrainIsAnsweredOnceASecond()
    {
        using var service = await ServiceProcess.StartAsync(_data, UntilSecondSignal);
        await service.PostEventsAsync(Event(1).Json());
        await service.GetAsync("/v1/users/u1/profile?fresh=true");
        var after = CursorOf(await service.GetAsync("/v1/profiles/changes"));
        var changes = $"/v1/profiles/changes?after={after}&wait=30";
        await TerminateAsync(service);

        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 3; i++)
            Assert.Equal(after, CursorOf(await service.GetAsync(changes)));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(2.5), TimeSpan.FromMinutes(1));
        await EndAsync(service);
    }

    [Fact]
    public async Task StreamInHandGoesOnWhileTheServiceDrains()
    {
        using var service = await ServiceProcess.StartAsync(_data, UntilSecondSignal);
        using var client = await OpenStreamAsync(service);
        await TerminateAsync(service);
        await SendAsync(client, Chunk(Event(2)));
        await StoredAsync(service, 2);
        Assert.Equal(HttpStatusCode.Accepted, (await service.PostEventsAsync(Event(3).Json(), "application/x-ndjson")).StatusCode);
        await EndAsync(service);
    }

    [Fact]
    public async Task StreamInHandIsToldWhenTheServiceStops()
    {
        using var service = await ServiceProcess.StartAsync(_data);
        using var client = await OpenStreamAsync(service);
        using var reader = new StreamReader(client.GetStream());
        Signals.Send(UnixSignal.Terminate, service.Id);
        Assert.StartsWith("HTTP/1.1 503 ", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        var headers = new List<string>();
        while (await reader.ReadLineAsync(Token) is { Length: > 0 } header)
            headers.Add(header);
        Assert.Contains("Connection: close", headers);
        Assert.Equal(0, await service.ExitedAsync()); // also where the client keeps its connection
    }

    /// <summary>The server says 408 only if its limits go on; the host, whose patience ends later, says nothing.</summary>
    [Theory]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /health/live HTTP/1.1\r\nHost: lo", "HTTP/1.1 200 ")]
    [InlineData(
        "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n[",
        "HTTP/1.1 100 ")]
    public async Task HalfARequestIsTooSlowInAStopToo(string sent, string begun)
    {
        using var service = await ServiceProcess.StartAsync(_data);
        using var client = new TcpClient("127.0.0.1", service.Client.BaseAddress!.Port);
        using var reader = new StreamReader(client.GetStream());
        await SendAsync(client, sent);
        Assert.StartsWith(begun, await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        Signals.Send(UnixSignal.Terminate, service.Id);
        Assert.Contains("HTTP/1.1 408 ", await reader.ReadToEndAsync(Token), StringComparison.Ordinal);
        Assert.Equal(0, await service.ExitedAsync());
    }

    [Fact]
    public async Task ClientThatGoesOnAfterItsRefusalIsCutOffInAStopToo()
    {
        using var service = await ServiceProcess.StartAsync(_data, "--Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel=Debug");
        using var client = await OpenStreamAsync(service);
        Signals.Send(UnixSignal.Terminate, service.Id);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await SendAsync(client, Chunk(Event(1)));
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
            }
        });
        Assert.Equal(0, await service.ExitedAsync());
        Assert.DoesNotContain("failed to close gracefully", service.Output, StringComparison.Ordinal); // as it says when the host aborts it
    }

    /// <summary>By Ctrl+C, and by a terminal that is closed.</summary>
    [Theory]
    [InlineData((int)UnixSignal.Interrupt)]
    [InlineData((int)UnixSignal.HangUp)]
    public async Task TerminalStopsWithoutADrain(int signal)
    {
        using var service = await ServiceProcess.StartAsync(_data, UntilSecondSignal);
        Signals.Send((UnixSignal)signal, service.Id);
        Assert.Equal(0, await service.ExitedAsync());
        Assert.DoesNotContain("Hosting:DrainFor", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DrainEndsByItself()
    {
        using var service = await ServiceProcess.StartAsync(_data, "--Hosting:DrainFor=00:00:01");
        Assert.Equal(0, await service.StopAsync());
        Assert.Contains("Hosting:DrainFor", service.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Dispose();

    /// <summary>Begins a stream, and returns when its first event is stored. Then it may be silent for minutes.</summary>
    private static async Task<TcpClient> OpenStreamAsync(ServiceProcess service)
    {
        var client = new TcpClient("127.0.0.1", service.Client.BaseAddress!.Port);
        try
        {
            await SendAsync(client, "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
            await SendAsync(client, $"{BlankLines.Many.Length:x}\r\n{BlankLines.Many}\r\n");
            await SendAsync(client, Chunk(Event(1)));
            await StoredAsync(service, 1);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends the signal and returns when readiness is red.</summary>
    private static async Task TerminateAsync(ServiceProcess service)
    {
        Signals.Send(UnixSignal.Terminate, service.Id);
        await Eventually.IsTrueAsync(async () =>
        {
            using var ready = await service.Client.GetAsync(new Uri("/health/ready", UriKind.Relative), Token);
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable
                && (await ready.Content.ReadAsStringAsync(Token)).Contains("\"stopping\"", StringComparison.Ordinal);
        });
    }

    /// <summary>The second signal.</summary>
    private static async Task EndAsync(ServiceProcess service) => Assert.Equal(0, await service.StopAsync());

    /// <summary>Posts an event, which must be accepted; tells whether the answer closes the connection.</summary>
    private static async Task<bool> PostAsync(HttpClient client, int second)
    {
        using var content = new StringContent(Event(second).Json(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/v1/events", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.ConnectionClose == true;
    }

    private static string CursorOf(string lines) =>
        JsonElement.Parse(lines.TrimEnd('\n').Split('\n')[^1]).GetProperty("cursor").GetString()!;

    private static string Chunk(WindowEvent e) => $"{e.Json().Length + 1:x}\r\n{e.Json()}\n\r\n";

    private static async Task SendAsync(TcpClient client, string text) => await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Token);

    private static Task StoredAsync(ServiceProcess service, int events) => Eventually.IsTrueAsync(async () =>
    {
        using var window = await service.Client.GetAsync(new Uri("/v1/users/u1/window", UriKind.Relative), Token);
        return window.IsSuccessStatusCode
            && JsonElement.Parse(await window.Content.ReadAsStringAsync(Token)).GetProperty("events").GetArrayLength() == events;
    });
}
