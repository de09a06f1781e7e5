using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Platform;

/// <summary>Section <c>Hosting</c>: what one process takes on.</summary>
[Section("Hosting")]
internal sealed class HostingOptions
{
    /// <summary>What this process does: All, Api or Refresh; default All. The other two need windows in Redis.</summary>
    public HostingRole Role { get; set; }

    /// <summary>Appends to the windows at the same time; more wait, see <see cref="MaxWaitingIngests"/>. 1 to 10,000, default 32.</summary>
    [Range(1, 10_000)]
    public int MaxIngests { get; set; } = 32;

    /// <summary>Appends that may wait; one more is answered 503 with Retry-After. 0 to 100,000, default 256.</summary>
    [Range(0, 100_000)]
    public int MaxWaitingIngests { get; set; } = 256;

    /// <summary>
    /// Connections at a time; one more is answered 503 with Retry-After. 0 for as many as memory carries, to 1,000,000, default 0; never more than the
    /// process's free file descriptors carry, of which 288 are set aside for stores, files and <see cref="ManagementUrls"/>.
    /// </summary>
    [Range(0, 1_000_000)]
    public int MaxConnections { get; set; }

    /// <summary>
    /// Bytes a second that a request's body must come at, and an answer be taken at, on average after its first 10 seconds (an answer: 5). A body that
    /// comes more slowly is answered 408, an answer that is taken more slowly ends. 240 to 1,048,576, default 4,096.
    /// </summary>
    [Range(240, 1 << 20)]
    public int MinDataRate { get; set; } = 4_096;

    /// <summary>Longest time for a request, but for an event stream, which may take as long as data flows at <see cref="MinDataRate"/>. 1 s to 10 min, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Folder with a file a setting, named as the environment variable would be; none by default. What it holds overrides other places.</summary>
    [MinLength(1)]
    public string? SecretsDirectory { get; set; }

    /// <summary>
    /// How long requests are still served after SIGTERM, while readiness is red, so that a load balancer sees it before the address is
    /// gone. 0 to 10 min, default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Addresses on which health stands besides, on threads of its own, such as <c>http://0.0.0.0:9090</c>; several by semicolons. Default
    /// none.
    /// </summary>
    public string ManagementUrls { get; set; } = "";
}
