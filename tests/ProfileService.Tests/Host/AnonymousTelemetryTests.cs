using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ProfileService.Tests.Host;

/// <summary>What leaves the process by OTLP, and what it logs: no user id, whatever is asked of it.</summary>
[Needs(Need.Process)]
public sealed class AnonymousTelemetryTests : IAsyncDisposable
{
    private const string User = "ada-4711";

    // Often, so that all has left before the stop, which waits for the last of it only so long.
    private static readonly (string, string)[] HttpAsShop =
    [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_SERVICE_NAME", "shop-42"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"), ("OTEL_BSP_SCHEDULE_DELAY", "500"),
    ];

    private readonly TempDirectory _data = new();
    private readonly ConcurrentBag<(string Signal, byte[] Body)> _posts = [];
    private readonly WebApplication _receiver;

    public AnonymousTelemetryTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _posts.Add((signal, body.ToArray()));
        });
    }

    [Fact]
    public async Task NoUserIdIsInASpanAMetricOrTheLogWhicheverRouteIsAsked()
    {
        await _receiver.StartAsync(TestContext.Current.CancellationToken);
        using var service = await ServiceProcess.StartAsync(_data, [("OTEL_EXPORTER_OTLP_ENDPOINT", _receiver.Urls.Single()), .. HttpAsShop]);
        var routes = new List<string>();
        foreach (var path in JsonElement.Parse(await service.GetAsync("/swagger/v1/swagger.json")).GetProperty("paths").EnumerateObject())
        {
            routes.Add(path.Name);
            foreach (var operation in path.Value.EnumerateObject())
                await SendAsync(service, operation.Name, path.Name.Replace("{userId}", User, StringComparison.Ordinal).Replace("{itemId}", User, StringComparison.Ordinal));
        }

        await SendAsync(service, "get", $"/v1/user/{User}");
        await SendAsync(service, "delete", $"/v1/users/{User}/profile");
        await ExportedAsync([.. routes, "http.server.request.duration", "shop-42"]);
        await Eventually.IsTrueAsync(() => Task.FromResult(Signals().Contains("traces")));
        Assert.Equal(0, await service.StopAsync());

        Assert.Equal(["metrics", "traces"], Signals()); // not the log
        var exported = Exported();
        Assert.DoesNotContain(User, exported, StringComparison.Ordinal);
        Assert.DoesNotContain(User, service.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("traces")]
    public async Task ASignalThatAloneHasAnEndpointLeavesAlone(string signal)
    {
        await _receiver.StartAsync(TestContext.Current.CancellationToken);
        var endpoint = ($"OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_ENDPOINT", $"{_receiver.Urls.Single()}/v1/{signal}");
        using var service = await ServiceProcess.StartAsync(_data, [endpoint, .. HttpAsShop]);
        await SendAsync(service, "get", $"/v1/users/{User}/profile");
        await ExportedAsync("/v1/users/{userId}/profile");
        Assert.Equal(0, await service.StopAsync());
        Assert.Equal([signal], Signals());
        Assert.DoesNotContain(User, Exported(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        _data.Dispose();
    }

    private IEnumerable<string> Signals() => _posts.Select(p => p.Signal).Distinct().Order(StringComparer.Ordinal);

    private Task ExportedAsync(params string[] names) => Eventually.IsTrueAsync(() =>
    {
        var exported = Exported();
        return Task.FromResult(names.All(name => exported.Contains(name, StringComparison.Ordinal)));
    });

    private string Exported() => string.Concat(_posts.Select(p => Encoding.UTF8.GetString(p.Body)));

    private static async Task SendAsync(ServiceProcess service, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), new Uri($"{path}?prefix={User}&userId={User}", UriKind.Relative));
        if (method is "post" or "put")
        {
            request.Content = new StringContent(
                $$"""{ "userId": "{{User}}", "userIds": ["{{User}}"], "kind": "view", "itemId": "i", "timestamp": "2026-11-22T10:00:00Z" }""", Encoding.UTF8, "application/json");
        }

        using var reply = await service.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await reply.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
