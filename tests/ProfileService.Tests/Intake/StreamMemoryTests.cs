using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Intake;

/// <summary>A stream of any length is taken in bounded memory.</summary>
[Needs(Need.Process)]
public sealed class StreamMemoryTests
{
    private static readonly (string, string) Heap = ("DOTNET_GCHeapHardLimit", "0x6000000"); // 96 MiB, above which the process would end

    [Fact]
    public async Task StreamOfTwiceTheHeapIsTaken()
    {
        using var data = new TempDirectory();
        using var service = await ServiceProcess.StartAsync(data, [Heap]);
        var summary = await SendAsync(service, 200 << 20);
        Assert.True(summary.GetProperty("accepted").GetInt64() > 40_000);
        Assert.Equal(0, summary.GetProperty("rejected").GetInt64());
    }

    [Fact]
    public async Task StreamOfUsersToEraseIsTaken()
    {
        using var data = new TempDirectory();
        using var service = await ServiceProcess.StartAsync(data, [Heap]);
        // As strings and rows they would take about the whole heap.
        var lines = Enumerable.Range(0, 100_000).Select(i => $$"""{"userId":"{{i:D120}}"}""");
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        var token = TestContext.Current.CancellationToken;
        using var response = await service.Client.PostAsync(new Uri("/v1/erasures", UriKind.Relative), content, token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var receipt = JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(token));
        Assert.Equal(100_000, receipt.GetProperty("users").GetInt32());
    }

    private static async Task<JsonElement> SendAsync(ServiceProcess service, long bytes)
    {
        using var content = new LinesContent(bytes);
        using var response = await service.Client.PostAsync(new Uri("/v1/events", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Events with long texts of a few users, made while they are sent.</summary>
    private sealed class LinesContent : HttpContent
    {
        private readonly long _bytes;

        public LinesContent(long bytes)
        {
            _bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var text = new string('x', 4_000);
            var sent = 0L;
            for (var i = 0; sent < _bytes; i++)
            {
                var line = Encoding.UTF8.GetBytes(Event(i, $"u{i % 7}", text: text).Json() + "\n");
                await stream.WriteAsync(line);
                sent += line.Length;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
