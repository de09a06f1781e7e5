using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Host;

/// <summary>The service holds in the least memory that it asks for: what it cannot take is refused, and nothing ends it.</summary>
[Needs(Need.Process)]
public sealed class LeastMemoryTests
{
    private const int Clients = 100;

    /// <summary>What the container needs besides the service's own memory: for the health check, the kernel, compiled code and files in use.</summary>
    private const long BesideTheService = 32 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LargeBodiesAndHeavyReadsFromAHundredClientsDoNotEndTheProcess()
    {
        using var data = new TempDirectory();
        using var service = await ServiceProcess.StartWithinAsync(AsInTheImage(), data, $"--Model:Package={Repository.Path("models/demo/3")}");
        Assert.Equal(HttpStatusCode.Accepted, (await service.PostEventsAsync($"[{string.Join(',', Enumerable.Range(0, 1_000).Select(i => Event(1, $"u{i}").Json()))}]")).StatusCode);

        var large = LargeEvents(15 << 20);
        await FloodUntilShedAsync(service, "/v1/events", large, HttpStatusCode.Accepted);
        var unknown = LookUp(i => $"nobody-{i}");
        await FloodUntilShedAsync(service, "/v1/profiles/lookup", unknown, HttpStatusCode.OK);
        var known = LookUp(i => $"u{i}");
        await Task.WhenAll(
            FloodAsync(service, "/v1/profiles/lookup", known, HttpStatusCode.OK),
            FloodAsync(service, "/v1/events", large, HttpStatusCode.Accepted),
            FloodAsync(service, "/v1/profiles/lookup", Encoding.UTF8.GetBytes("{\"userIds\":[" + string.Join(',', Enumerable.Repeat("\"a\"", 200_000)) + "]}"), HttpStatusCode.BadRequest),
            FloodAsync(service, "/v1/attributes", Encoding.UTF8.GetBytes("{\"userId\":\"a\",\"attributes\":{\"x\":[" + string.Join(',', Enumerable.Repeat("1", 5_000_000)) + "]}}"), HttpStatusCode.BadRequest),
            FloodAsync(service, "/v1/users/u1/explanation", null, HttpStatusCode.OK),
            FloodAsync(service, "/v1/users/u1/recommendations?count=1000", null, HttpStatusCode.OK),
            FloodAsync(service, "/v1/users/u1/similar?count=1000", null, HttpStatusCode.OK));

        Assert.False(service.HasExited, service.Output);
        Assert.False(service.Output.Contains("OutOfMemory", StringComparison.Ordinal), service.Output);
        await UntilTakenAsync(service, "/v1/events", Encoding.UTF8.GetBytes(Event(2).Json()), HttpStatusCode.Accepted);
        await UntilTakenAsync(service, "/v1/events", large, HttpStatusCode.Accepted);
        await UntilTakenAsync(service, "/v1/profiles/lookup", known, HttpStatusCode.OK);
        Assert.InRange(service.AnonymousBytes, 0, AvailableMemory.Minimum - BesideTheService);
    }

    /// <summary>The settings of the image's memory, with the share of the container as what it is of 256 MB.</summary>
    private static string AsInTheImage()
    {
        var image = Dockerfile.Environment("service");
        var heap = AvailableMemory.Minimum * Convert.ToInt32(image["DOTNET_GCHeapHardLimitPercent"], 16) / 100;
        var other = image
            .Where(v => v.Key is "DOTNET_gcServer" or "DOTNET_GCRegionRange" || v.Key.StartsWith("MALLOC_", StringComparison.Ordinal))
            .Select(v => $"{v.Key}={v.Value}");
        return $"export DOTNET_GCHeapHardLimit=0x{heap:X} {string.Join(' ', other)};";
    }

    /// <summary>Floods until some were taken and some refused; how many of which depends on the machine.</summary>
    private static async Task FloodUntilShedAsync(ServiceProcess service, string path, byte[] body, HttpStatusCode good)
    {
        var seen = new HashSet<HttpStatusCode>();
        await Eventually.IsTrueAsync(async () =>
        {
            var statuses = await FloodAsync(service, path, body, good);
            Assert.Equal(Clients, statuses.Values.Sum());
            seen.UnionWith(statuses.Keys);
            return seen.Count == 2;
        });
    }

    /// <summary>Asks until it is taken: what was refused before may still be held for some seconds.</summary>
    private static Task UntilTakenAsync(ServiceProcess service, string path, byte[] body, HttpStatusCode good) => Eventually.IsTrueAsync(async () =>
    {
        var (status, _) = await SendAsync(service, path, body);
        Assert.Contains(status, (HttpStatusCode[])[good, HttpStatusCode.ServiceUnavailable]);
        return status == good;
    });

    /// <summary>Asks the same from all clients at once; counts the answers, each of which must be the good one or 503 with Retry-After, or a connection that is closed.</summary>
    private static async Task<IReadOnlyDictionary<HttpStatusCode, int>> FloodAsync(ServiceProcess service, string path, byte[]? body, HttpStatusCode good)
    {
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Clients), new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Token }, async (_, _) =>
        {
            var (status, retryAfter) = await SendAsync(service, path, body);
            Assert.True(status == good || (status == HttpStatusCode.ServiceUnavailable && retryAfter), $"{path} was answered {status}.\n{service.Output}");
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        });
        return statuses;
    }

    private static async Task<(HttpStatusCode Status, bool RetryAfter)> SendAsync(ServiceProcess service, string path, byte[]? body)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.ConnectionClose = true; // one that the service is about to close cannot be met
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        try
        {
            using var response = await service.Client.SendAsync(request, Token);
            return (response.StatusCode, response.Headers.RetryAfter is not null);
        }
        catch (HttpRequestException) when (!service.HasExited)
        {
            return (HttpStatusCode.ServiceUnavailable, true); // closed: a refused body is read for 5 seconds only, and all of these are more connections than the memory carries
        }
    }

    private static byte[] LookUp(Func<int, string> id) => JsonSerializer.SerializeToUtf8Bytes(new { userIds = Enumerable.Range(0, 1_000).Select(id) });

    private static byte[] LargeEvents(int bytes)
    {
        var one = Event(1, "large", text: new string('x', 4_000)).Json();
        var padding = new string(' ', (bytes / 1_000) - one.Length - 1);
        return Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(one + padding, 1_000))}]");
    }
}
