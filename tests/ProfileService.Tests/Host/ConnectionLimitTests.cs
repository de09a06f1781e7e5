using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Host;
using ProfileService.Platform;

namespace ProfileService.Tests.Host;

/// <summary>More connections than the process can carry are told so, and never end it.</summary>
[Needs(Need.Process)]
public sealed class ConnectionLimitTests
{
    private const long Plenty = 1L << 40;

    private static readonly byte[] Get = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
    private static readonly AvailableMemory Memory = new(Plenty);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Limit Soft Limit Hard Limit Units\nMax open files            1024                 4096                 files     \n", 4096)]
    [InlineData("Max open files            1024                 unlimited            files     \n", null)]
    [InlineData("Max processes             1024                 4096                 processes \n", null)]
    [InlineData("", null)]
    public void HardLimitOfDescriptorsIsRead(string limits, int? most) => Assert.Equal(most, FileDescriptors.HardLimit(limits));

    [Theory]
    [InlineData(0, 800, 455)] // what the descriptors carry
    [InlineData(100, 800, 100)] // what is set
    [InlineData(10_000, 800, 455)] // what is set, but the descriptors do not carry
    [InlineData(0, 100, 16)] // the least
    [InlineData(5, 800, 5)] // what is set, although it is less
    [InlineData(10_000, null, 10_000)]
    public void ConnectionsAreBoundedByDescriptorsAndSetting(int set, int? descriptors, long most) =>
        Assert.Equal(most, new ConnectionLimits(new HostingOptions { MaxConnections = set }, descriptors, Memory).Open.Max);

    [Fact]
    public void ConnectionsAreBoundedByMemory() =>
        Assert.Equal(256, new ConnectionLimits(new HostingOptions(), null, new AvailableMemory(AvailableMemory.Minimum)).Open.Max);

    [Fact]
    public async Task WhoConnectsBeyondTheBoundIsTold503UntilOthersLeave()
    {
        using var service = WithFewConnections();
        var idle = await ConnectAsync(service.Client.BaseAddress!, 16);
        for (var i = 0; i < 100; i++)
        {
            var answer = await AskAsync(service.Client.BaseAddress!, Get);
            Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
            Assert.Contains("\r\nRetry-After: 1\r\n", answer, StringComparison.Ordinal);
            Assert.Contains("\"code\":\"overloaded\"", answer, StringComparison.Ordinal);
        }

        Assert.Equal("", await AskAsync(service.Client.BaseAddress!, [0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5])); // TLS: nothing that it would understand
        Close(idle);
        await Eventually.IsTrueAsync(async () => await TryGetAsync(service.Client) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task BodyThatIsRefusedWithItsConnectionStillGetsItsAnswer()
    {
        using var service = WithFewConnections();
        var idle = await ConnectAsync(service.Client.BaseAddress!, 16);
        using var client = new HttpClient { BaseAddress = service.Client.BaseAddress };
        using var content = new ByteArrayContent(new byte[1 << 20]);
        using var response = await client.PostAsync(new Uri("/v1/events", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Close(idle);
    }

    [Fact]
    public async Task WithFewFileDescriptorsThousandsOfIdleConnectionsDoNotEndTheProcess()
    {
        using var data = new TempDirectory();
        using var service = await ServiceProcess.StartWithinAsync("ulimit -n 1024;", data);
        for (var wave = 0; wave < 3; wave++)
        {
            var idle = await ConnectAsync(service.Client.BaseAddress!, 2_000);
            await Eventually.IsTrueAsync(async () => (await AskAsync(service.Client.BaseAddress!, Get)).StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal));
            Close(idle);
            Assert.False(service.HasExited, service.Output);
            await Eventually.IsTrueAsync(async () => await TryGetAsync(service.Client) == HttpStatusCode.OK);
        }
    }

    /// <summary>Connections, some of which a busy system may have reset before they were one.</summary>
    private static async Task<List<Socket>> ConnectAsync(Uri address, int count)
    {
        var sockets = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, address.Port, Token);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
            }
        }

        return sockets;
    }

    /// <summary>A service that waits for as long as a client takes to speak, and not for a quarter of a second: this machine may be busy.</summary>
    private static TestService WithFewConnections() => TestService.With(
        services => ActivatorUtilities.CreateInstance<ConnectionRefusal>(services, new FakeTimeProvider()), ("Hosting:MaxConnections", "16"));

    private static void Close(List<Socket> sockets) => sockets.ForEach(s => s.Dispose());

    /// <summary>The beginning of the answer; empty where there is none.</summary>
    private static async Task<string> AskAsync(Uri address, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, Token);
            await socket.SendAsync(request, Token);
            var answer = new byte[4_096];
            return Encoding.ASCII.GetString(answer, 0, await socket.ReceiveAsync(answer, Token));
        }
        catch (SocketException)
        {
            return ""; // closed without a word
        }
    }

    private static async Task<HttpStatusCode?> TryGetAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/health/live", UriKind.Relative), Token);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
