using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
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
    private const long SmallestLimit = 1 << 16; // of an address that sets its own

    private const int BufferBytes = 1 << 16; // per connection, for data that a client sends ahead
    private const int MaxStreams = 16; // per connection of HTTP/2; each may hold a buffer and BodyLimits.FreeBytes

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

    /// <summary>
    /// Leaves a connection that may be used on, or says that it ends, after an answer that needed no body. The server then reads the body
    /// over, for 5 s, but not where it is larger than the address takes: it would close the connection without having told so, and the
    /// client's next request would get no answer. A client that waits for 100 Continue may never send the body.
    /// </summary>
    public static void UseUnreadBodies(this IApplicationBuilder app) =>
        app.Use(next => context => MayStayUnread(context) ? RunAsync(context, next) : next(context));

    private static bool MayStayUnread(HttpContext context) => context.Request.ContentLength is { } bytes
        ? bytes > SmallestLimit || context.Request.Headers.Expect.Count > 0
        : context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    private static async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.Expect.Count > 0)
            context.Response.OnStarting(CloseIfUnread, context);
        await next(context);
        if (UnreadSize(context) is { } size)
            size.MaxRequestBodySize = null;
    }

    private static Task CloseIfUnread(object state)
    {
        if (UnreadSize((HttpContext)state) is not null)
            ConnectionClose.TryAsk((HttpContext)state);
        return Task.CompletedTask;
    }

    /// <summary>The limit of the body, if nobody has begun to read it.</summary>
    private static IHttpMaxRequestBodySizeFeature? UnreadSize(HttpContext context) =>
        context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size ? size : null;

    private static void Bound(KestrelServerLimits limits, double minDataRate)
    {
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MaxRequestBufferSize = BufferBytes;
        limits.Http2.MaxStreamsPerConnection = MaxStreams;
        limits.Http2.InitialConnectionWindowSize = BufferBytes;
        limits.Http2.InitialStreamWindowSize = BufferBytes;
        limits.RequestHeadersTimeout = HeadTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(minDataRate, BodyGracePeriod);
        limits.MinResponseDataRate = new MinDataRate(minDataRate, ResponseGracePeriod);
    }
}
