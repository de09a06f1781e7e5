using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProfileService.Host;
using ProfileService.Platform;

namespace ProfileService.Tests.Host;

/// <summary>Health on an address of its own.</summary>
[Needs(Need.Process)]
public sealed class ManagementTests : IDisposable
{
    private readonly TempDirectory _data = new();
    private readonly int _port = FreePort.Take();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HealthIsServedThereAndTheApiIsNot()
    {
        using var service = await StartAsync();
        using var management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(management, "/health/live"));
        foreach (var path in (string[])["/health/ready", "/health/ready?probe=1"])
            await Eventually.IsTrueAsync(async () => (await TextAsync(management, path)).Contains("\"windows\":{\"status\":\"Healthy\"", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(async () => await StatusAsync(management, "/health/ready", HttpMethod.Head) == HttpStatusCode.OK);
        Assert.Equal("", await TextAsync(management, "/health/ready", HttpMethod.Head));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(management, "/v1/users/u1/profile"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(management, "/v1/events", HttpMethod.Post));
        await service.Client.ReadyAsync(200);
    }

    [Theory]
    [InlineData("127.0.0.1", null, "localhost", 200)]
    [InlineData("127.0.0.1", null, "evil.example", 400)]
    [InlineData("127.0.0.1", null, "192.0.2.1", 400)]
    [InlineData("127.0.0.1", "profiles.example", "profiles.example", 200)]
    [InlineData("127.0.0.1", "profiles.example", "127.0.0.1", 200)]
    [InlineData("0.0.0.0", null, "evil.example", 200)]
    [InlineData("0.0.0.0", "profiles.example", "192.0.2.1", 200)] // Kubernetes asks so
    [InlineData("0.0.0.0", "profiles.example", "evil.example", 400)]
    public async Task NamesAndHeadersAreThoseOfTheOtherAddresses(string address, string? allowed, string host, int status)
    {
        using var service = await ServiceProcess.StartAsync(
            _data, $"--Hosting:ManagementUrls=http://{address}:{_port}", $"--AllowedHosts={allowed ?? ""}");
        using var management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        using var response = await AskAsync(management, "/health/live", host: $"{host}:{_port}");
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
    }

    /// <summary>The only thread that the API has is held by a request that writes to a locked file.</summary>
    [Fact]
    public async Task ApiWithoutAFreeThreadKeepsNoProbeWaiting()
    {
        using var service = await StartAsync(("DOTNET_ThreadPool_ForceMinWorkerThreads", "1"), ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "1"));
        using var management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        var live = Task.FromResult(HttpStatusCode.OK);
        using var seen = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using (LockProfiles())
        {
            var clients = Enumerable.Range(0, 4).Select(i => KeepPuttingAttributesAsync(service, $"u{i}", seen.Token)).ToList();
            await Eventually.IsTrueAsync(async () =>
            {
                live = StatusAsync(service.Client, "/health/live");
                for (var probed = 0; probed < 20; probed++)
                {
                    if (!await IsLiveAtOnceAsync(management))
                        return false;
                }

                return !live.IsCompleted; // while the API answered nothing
            });
            await seen.CancelAsync();
            await Task.WhenAll(clients);
        }

        Assert.Equal(HttpStatusCode.OK, await live);
    }

    /// <summary>Their connections would last for ever here: one goes for each that says something, and for no other reason.</summary>
    [Fact]
    public async Task ClientsThatSayNothingKeepNoProbeWaiting()
    {
        using var server = new ManagementServer(
            Options.Create(new HostingOptions { ManagementUrls = $"http://127.0.0.1:{_port}" }), new ConfigurationBuilder().Build(),
            new ServiceCollection().BuildServiceProvider(), NullLogger<ManagementServer>.Instance)
        { LongestRead = TimeSpan.FromDays(1) };
        await server.StartAsync(Token);
        var silent = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 3 * ManagementServer.MaxConnections; i++)
                silent.Add(new TcpClient("127.0.0.1", _port));
            using var management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(management, "/health/live"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(management, "/health/live"));
            Assert.True(IsClosed(silent[0]));
            Assert.False(IsClosed(silent[^1]));
        }
        finally
        {
            silent.ForEach(s => s.Dispose());
            await server.StopAsync(Token);
        }
    }

    private static bool IsClosed(TcpClient client) => client.Client.Poll(0, SelectMode.SelectRead);

    [Theory]
    [InlineData("nowhere", "is not an address")]
    [InlineData("https://127.0.0.1:9443", "TLS is not supported there")]
    [InlineData("http://127.0.0.1:9090/health", "has a path")]
    [InlineData("http://example.test:9090", "neither an IP address")]
    [InlineData("ftp://127.0.0.1:9090", "does not begin with http://")]
    [InlineData("http://127.0.0.1:99999", "its port is not one")]
    [InlineData("http://127.0.0.1:-1", "its port is not one")]
    [InlineData("http://127.0.0.1:8080", "the API is served on port 8080", "--urls=http://0.0.0.0:8080")]
    [InlineData("http://127.0.0.1:8081", "the API is served on port 8081", "--Kestrel:Endpoints:Main:Url=http://127.0.0.1:8081")]
    public async Task AddressThatCannotBeServedStopsTheStart(string address, string problem, params string[] settings)
    {
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(
            _data, Repository.TinyPackage, [.. settings, $"--Hosting:ManagementUrls={address}"]);
        Assert.Equal(1, exitCode);
        Assert.Contains($"Hosting:ManagementUrls = '{address}'", output, StringComparison.Ordinal);
        Assert.Contains(problem, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressThatIsTakenStopsTheStart()
    {
        using var taken = new TcpListener(IPAddress.Loopback, _port);
        taken.Start();
        var (exitCode, output) = await ServiceProcess.StartInVainAsync(
            _data, Repository.TinyPackage, $"--Hosting:ManagementUrls=http://127.0.0.1:{_port}");
        Assert.Equal(1, exitCode);
        Assert.Contains($"Hosting:ManagementUrls: the service cannot listen on http://127.0.0.1:{_port}: ", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _data.Dispose();
    }

    private Task<ServiceProcess> StartAsync(params (string, string)[] environment) =>
        ServiceProcess.StartAsync(_data, environment, $"--Hosting:ManagementUrls=http://127.0.0.1:{_port}");

    private SqliteConnection LockProfiles()
    {
        var connection = new SqliteConnection($"Data Source={_data.File("profiles.db")};Pooling=False");
        connection.Open();
        connection.BeginTransaction();
        return connection;
    }

    /// <summary>Asks once. False where a busy machine missed the seconds that the address gives a request.</summary>
    private static async Task<bool> IsLiveAtOnceAsync(HttpClient management)
    {
        try
        {
            using var response = await management.GetAsync(new Uri("/health/live", UriKind.Relative), Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, HttpMethod? method = null)
    {
        using var response = await AskAsync(client, path, method);
        return response.StatusCode;
    }

    private static async Task<string> TextAsync(HttpClient client, string path, HttpMethod? method = null)
    {
        using var response = await AskAsync(client, path, method);
        return await response.Content.ReadAsStringAsync(Token);
    }

    /// <summary>Asks until there is an answer: on a busy machine a request may miss the seconds that the address gives it.</summary>
    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string path, HttpMethod? method = null, string? host = null)
    {
        HttpResponseMessage? response = null;
        await Eventually.IsTrueAsync(async () =>
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path) { Headers = { Host = host } };
            try
            {
                response = await client.SendAsync(request, Token);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return response!;
    }

    private static async Task KeepPuttingAttributesAsync(ServiceProcess service, string user, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            using var content = new StringContent("""{ "age": 34 }""", System.Text.Encoding.UTF8, "application/json");
            try
            {
                using var response = await service.Client.PutAsync(
                    new Uri($"/v1/users/{user}/attributes", UriKind.Relative), content, enough);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}
