using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Host;

/// <summary>
/// Limits the size, duration and data rate of requests and the number of connections. The endpoints themselves limit the work that requests
/// cause.
/// </summary>
internal static class RequestLimits
{
    private const long MaxBodyBytes = 1 << 20; // batch endpoints override it

    private const int BufferBytes = 1 << 16; // per connection, for data that a client sends ahead

    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BodyGracePeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ResponseGracePeriod = TimeSpan.FromSeconds(5);

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
            .AddSingleton<IConnectionListenerFactory, BoundedTransport>(); // the server uses the one that is registered last
        builder.Services.AddRequestTimeouts();
        builder.Services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<HostingOptions>>((timeouts, hosting) =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = hosting.Value.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                WriteTimeoutResponse = context =>
                    Problems.Unavailable(context, "The request took longer than Hosting:RequestTimeout. Try again.").ExecuteAsync(context),
            });
    }

    private static void Bound(KestrelServerLimits limits, double minDataRate)
    {
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MaxRequestBufferSize = BufferBytes;
        limits.Http2.InitialConnectionWindowSize = BufferBytes;
        limits.Http2.InitialStreamWindowSize = BufferBytes;
        limits.RequestHeadersTimeout = HeadTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(minDataRate, BodyGracePeriod);
        limits.MinResponseDataRate = new MinDataRate(minDataRate, ResponseGracePeriod);
    }
}
