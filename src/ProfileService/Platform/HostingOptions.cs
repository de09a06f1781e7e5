using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

/// <summary>Section <c>Hosting</c>: the role of a process and its limits.</summary>
[Section("Hosting")]
internal sealed class HostingOptions
{
    /// <summary>Role of this process: All, Api or Refresh; default All. Api and Refresh require windows in Redis.</summary>
    public HostingRole Role { get; set; }

    /// <summary>
    /// Concurrent appends to the windows. Further appends wait, see <see cref="MaxWaitingIngests"/>. 1 to 10,000, default 32.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxIngests { get; set; } = 32;

    /// <summary>Appends that may wait. Further requests are answered with 503 and Retry-After. 0 to 100,000, default 256.</summary>
    [Range(0, 100_000)]
    public int MaxWaitingIngests { get; set; } = 256;

    /// <summary>
    /// Concurrent connections. A further connection is answered with 503 and Retry-After. 0 to 1,000,000, default 0, which derives the
    /// limit from the memory. The limit never exceeds the free file descriptors, of which 288 are reserved for stores, files and
    /// <see cref="ManagementUrls"/>, but for 16 connections.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MaxConnections { get; set; }

    /// <summary>
    /// Minimum average data rate in bytes per second at which a client must send a request body and read a response. It applies after the
    /// first 10 s of a body and 5 s of a response. A slower body is answered with 408; a slower response is aborted. 240 to 1,048,576,
    /// default 4,096.
    /// </summary>
    [Range(240, 1 << 20)]
    public int MinDataRate { get; set; } = 4_096;

    /// <summary>
    /// Time limit of a request. An NDJSON stream is exempt as long as its data flows at <see cref="MinDataRate"/>. 1 s to 10 min, default
    /// 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Folder with one file per setting. Each file is named like the setting's environment variable. Its settings override all other
    /// sources. Not set by default.
    /// </summary>
    [MinLength(1)]
    public string? SecretsDirectory { get; set; }

    /// <summary>
    /// How long the process still serves requests after SIGTERM. Readiness is unhealthy during this time, so that load balancers stop
    /// sending requests before the process stops listening. 0 to 10 min, default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Additional addresses that serve health checks on separate threads, such as <c>http://0.0.0.0:9090</c>. Several addresses are
    /// separated by semicolons. Default none.
    /// </summary>
    public string ManagementUrls { get; set; } = "";
}
