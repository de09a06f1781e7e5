using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace ProfileService.Hosting;

/// <summary>How much and how long one process takes on at a time.</summary>
internal static class RequestLimits
{
    /// <summary>Rate-limiting policy of the door in.</summary>
    public const string Ingest = "ingest";

    /// <summary>Timeout policy of a request that may last.</summary>
    public const string NoTimeout = "none";

    private const long MaxBodyBytes = 1 << 20; // of a request that is no ingest

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });
        builder.Services.AddRequestTimeouts();
        builder.Services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<HostingOptions>>((timeouts, hosting) =>
        {
            timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = hosting.Value.RequestTimeout, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable };
            timeouts.AddPolicy(NoTimeout, new RequestTimeoutPolicy());
        });
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.AddPolicy(Ingest, context => RateLimitPartition.GetConcurrencyLimiter(Ingest, _ => OfIngest(context.RequestServices)));
            limiter.OnRejected = async (rejected, _) => await Problems
                .Unavailable(rejected.HttpContext, "Too many requests post events at once. Try again, or post more events in fewer requests.")
                .ExecuteAsync(rejected.HttpContext);
        });
    }

    private static ConcurrencyLimiterOptions OfIngest(IServiceProvider services)
    {
        var hosting = services.GetRequiredService<IOptions<HostingOptions>>().Value;
        return new ConcurrencyLimiterOptions { PermitLimit = hosting.MaxIngests, QueueLimit = hosting.MaxWaitingIngests };
    }
}
