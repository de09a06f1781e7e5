using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace ProfileService.Hosting;

/// <summary>How large and how long a request may be. How many events are taken in at a time is the door's own to say.</summary>
internal static class RequestLimits
{
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
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = hosting.Value.RequestTimeout,
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
                WriteTimeoutResponse = context => Problems.Unavailable(context, "The request took longer than Hosting:RequestTimeout. Try again.").ExecuteAsync(context),
            });
    }
}
