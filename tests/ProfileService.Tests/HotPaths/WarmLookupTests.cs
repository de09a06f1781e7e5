using System.Net;
using ProfileService.Cli.Load;
using ProfileService.Refresh;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.HotPaths;

/// <summary>
/// Bytes that a lookup allocates, from the server's socket through every middleware and back, when it is answered from memory. As in
/// <see cref="HotPathTests"/>, a figure that grows is a step back.
/// </summary>
[Collection(Alone.Name)]
public sealed class WarmLookupTests : IDisposable
{
    private const string Path = "/v1/users/u1/profile";
    // Other work of the process only adds to the figure. It comes about once a second: there are short rounds without any, also where
    // a lookup takes a millisecond. Code that .NET has not compiled for the last time adds 48 to 96 bytes, for thousands of lookups and
    // sometimes for a hundred thousand.
    private const int Counted = 100;
    private const int Rounds = 10_000; // at most

    private readonly TestService _service = TestService.Without([typeof(RefreshWorker)], ("Lookup:CacheFor", "00:00:10"), ("Logging:LogLevel:Default", "Warning"));

    private Uri Url => _service.Client.BaseAddress!;

    [Theory]
    [InlineData(HttpRequest.Json, 200, 620)]
    [InlineData(HttpRequest.Binary, 200, 480)]
    [InlineData(HttpRequest.Json, 304, 300)]
    public async Task LookupFromMemoryAllocatesNoMoreThan(string accept, int status, long mostBytes)
    {
        await _service.AcceptAsync(Event(1));
        var tag = (await _service.FreshAsync("u1")).Headers["ETag"];
        var request = HttpRequest.Get(Url, Path, accept, status == 304 ? $"If-None-Match: {tag}\r\n" : "");
        using var connection = new HttpConnection(new IPEndPoint(IPAddress.Loopback, Url.Port));
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > mostBytes; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Counted; i++)
            {
                if (connection.Send(request).Status is var other && other != status) // an assertion would allocate
                    Assert.Fail($"{other}");
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Counted);
        }

        Assert.True(least <= mostBytes, $"{least} bytes");
    }

    public void Dispose() => _service.Dispose();
}
