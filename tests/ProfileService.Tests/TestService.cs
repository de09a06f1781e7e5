using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ProfileService.Platform;
using ProfileService.Refresh;
using ProfileService.Windows;

namespace ProfileService.Tests;

/// <summary>The whole service in this process, on Kestrel and a free port, with its own data folder and the tiny model.</summary>
public sealed class TestService : IDisposable
{
    /// <summary>The origin whose pages may send events, unless a test names others.</summary>
    internal const string Page = "https://shop.example";

    private readonly TempDirectory _directory;
    private readonly (string Key, string Value)[] _settings;
    private readonly WebApplicationFactory<Program> _factory;

    public TestService()
        : this([])
    {
    }

    /// <param name="settings">Such as <c>("Windows:MaxEvents", "5")</c>.</param>
    internal TestService(params (string Key, string Value)[] settings)
        : this(new TempDirectory(), settings, _ => { })
    {
    }

    private TestService(TempDirectory directory, (string Key, string Value)[] settings, Action<IServiceCollection> change)
    {
        (_directory, _settings) = (directory, settings);
        _factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseSetting("urls", "http://127.0.0.1:0");
            host.UseSetting("Data:Directory", _directory.Path);
            host.UseSetting("Model:Package", Repository.TinyPackage);
            // A machine under load is slow, not wrong: an answer comes when its work is done, not when a second is over.
            host.UseSetting("Lookup:FreshTimeout", "00:01:00");
            host.UseSetting("Hosting:RequestTimeout", "00:05:00");
            host.UseSetting("Hosting:MinDataRate", "240");
            host.UseSetting("Cors:Origins:0", Page);
            foreach (var (key, value) in settings)
                host.UseSetting(key, value);
            host.ConfigureTestServices(change);
        });
        _factory.UseKestrel();
        _factory.StartServer();
        // A plain client: the factory's own would hold a streamed body back until it ends.
        Client = new HttpClient { BaseAddress = _factory.ClientOptions.BaseAddress, Timeout = TimeSpan.FromMinutes(30) };
    }

    public HttpClient Client { get; }

    /// <summary>Where the SQLite files lie.</summary>
    internal string DataFolder => _directory.Path;

    public IServiceProvider Services => _factory.Services;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Reply> PostAsync(string path, string body, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), contentType, headers);

    public Task<Reply> PostAsync(string path, byte[] body, string contentType, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return SendAsync(HttpMethod.Post, path, content, headers);
    }

    public Task<Reply> PutAsync(string path, string body, string contentType = "application/json") =>
        SendAsync(HttpMethod.Put, path, body, contentType);

    public Task<Reply> PatchAsync(string path, string body, string contentType = "application/merge-patch+json") =>
        SendAsync(HttpMethod.Patch, path, body, contentType);

    public Task<Reply> SendAsync(HttpMethod method, string path, (string Name, string Value)[] headers) => SendAsync(method, path, null, headers);

    /// <summary>Keeps every append waiting until it is disposed of.</summary>
    internal IDisposable LockWindows()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("windows.db")};Pooling=False");
        connection.Open();
        connection.BeginTransaction();
        return connection;
    }

    /// <summary>Posts the events as one array; all must be accepted.</summary>
    internal async Task AcceptAsync(params WindowEvent[] events)
    {
        var reply = await PostAsync("/v1/events", $"[{string.Join(',', events.Select(e => e.Json()))}]");
        Assert.Equal(202, reply.Status);
        Assert.Equal(events.Length, reply.Json.GetProperty("accepted").GetInt32());
    }

    /// <summary>The user's profile, refreshed where it is due.</summary>
    public Task<Reply> FreshAsync(string userId) => GetAsync($"/v1/users/{Uri.EscapeDataString(userId)}/profile?fresh=true");

    /// <summary>The status once it has this part, which it leaves out where the store takes longer than a second.</summary>
    internal async Task<JsonElement> StatusWithAsync(string part) =>
        (await Eventually.AnswersAsync(() => GetAsync("/v1/status"), status => status.Json.TryGetProperty(part, out _))).Json;

    /// <summary>Stops this service and starts another on its data.</summary>
    internal TestService Restart(params (string Key, string Value)[] settings)
    {
        Stop();
        return new TestService(_directory, [.. _settings, .. settings], _ => { });
    }

    /// <summary>A service in which only the test and lookups claim users.</summary>
    internal static TestService WithoutWorker(params (string Key, string Value)[] settings) => Without([typeof(RefreshWorker)], settings);

    /// <summary>A service that lacks these hosted services.</summary>
    internal static TestService Without(Type[] hosted, params (string Key, string Value)[] settings) => Without(hosted, _ => { }, settings);

    private static TestService Without(Type[] hosted, Action<IServiceCollection> change, (string Key, string Value)[] settings) =>
        new(new TempDirectory(), settings, services =>
        {
            Array.ForEach(hosted, type => services.Remove(services.Single(s => HostedTypeOf(s) == type)));
            change(services);
        });

    /// <summary>As above, with one part made in another way.</summary>
    internal static TestService WithoutWorker<T>(Func<IServiceProvider, T> make, params (string Key, string Value)[] settings)
        where T : class => Without([typeof(RefreshWorker)], services => services.AddSingleton(make), settings);

    /// <summary>The hosted service of the service's own that is registered here; null for all else.</summary>
    internal static Type? HostedTypeOf(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService) ? service.ImplementationFactory?.GetType().GenericTypeArguments[1] : null;

    /// <summary>A service by a clock of the test's own.</summary>
    internal static TestService With(TimeProvider time, params (string Key, string Value)[] settings) =>
        new(new TempDirectory(), settings, services => services.AddSingleton(time));

    /// <summary>A service that also writes its log here.</summary>
    internal static TestService With(ILoggerProvider log, params (string Key, string Value)[] settings) =>
        new(new TempDirectory(), settings, services => services.AddSingleton(log));

    /// <summary>A service in which one part is made in another way.</summary>
    internal static TestService With<T>(Func<IServiceProvider, T> make, params (string Key, string Value)[] settings)
        where T : class => new(new TempDirectory(), settings, services => services.AddSingleton(make));

    /// <summary>A service whose bounds are those of so much memory, whatever the machine has.</summary>
    internal static TestService With(AvailableMemory memory) => new(new TempDirectory(), [], services => services.AddSingleton(memory));

    public void Dispose()
    {
        Stop();
        _directory.Dispose();
    }

    private void Stop()
    {
        Client.Dispose();
        _factory.Dispose();
        SqliteConnection.ClearAllPools();
    }

    private Task<Reply> SendAsync(HttpMethod method, string path, string body, string contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return SendAsync(method, path, content, []);
    }

    private async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                content?.Headers.TryAddWithoutValidation(name, value); // one that is of the body
        }

        using var response = await Client.SendAsync(request, Token);
        return new Reply((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(Token),
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>What came back.</summary>
public sealed record Reply(int Status, string? ContentType, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public override string ToString() => $"{Status} {Encoding.UTF8.GetString(Body)}";

    public float[] Floats => [.. Enumerable.Range(0, Body.Length / 4).Select(i => BitConverter.ToSingle(Body, 4 * i))];

    public double[] Floats64(string property) => [.. Json.GetProperty(property).EnumerateArray().Select(x => x.GetDouble())];

    /// <summary>Asserts problem+json of this status with a detail that says something.</summary>
    public JsonElement Problem(int status)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
        return Json;
    }
}
