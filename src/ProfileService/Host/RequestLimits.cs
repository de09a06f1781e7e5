using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>How large, how long and how slow a request may be, and how many connections there are. How many events are taken in at a time is the door's own to say.</summary>
internal static class RequestLimits
{
    private const long MaxBodyBytes = 1 << 20; // of a request that is no ingest

    private const int BufferBytes = 1 << 17; // of a connection, whatever a client sends ahead

    private static readonly TimeSpan LongestHead = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeforeBodyRate = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeforeAnswerRate = TimeSpan.FromSeconds(5);

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Bound(kestrel.Limits, kestrel.ApplicationServices.GetRequiredService<IOptions<HostingOptions>>().Value.MinDataRate);
        });
        builder.Services
            .AddSingleton<ConnectionLimits>()
            .AddSingleton<ConnectionRefusal>()
            .AddSingleton<IConnectionListenerFactory, BoundedTransport>(); // the last one registered is the one that listens
        builder.Services.AddRequestTimeouts();
        builder.Services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<HostingOptions>>((timeouts, hosting) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = hosting.Value.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                WriteTimeoutResponse = context => Problems.Unavailable(context, "The request took longer than Hosting:RequestTimeout. Try again.").ExecuteAsync(context),
            });
    }

    private static void Bound(KestrelServerLimits limits, double minDataRate)
    {
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MaxRequestBufferSize = BufferBytes;
        limits.Http2.InitialConnectionWindowSize = BufferBytes;
        limits.Http2.InitialStreamWindowSize = BufferBytes;
        limits.RequestHeadersTimeout = LongestHead;
        limits.MinRequestBodyDataRate = new MinDataRate(minDataRate, BeforeBodyRate);
        limits.MinResponseDataRate = new MinDataRate(minDataRate, BeforeAnswerRate);
    }
}
