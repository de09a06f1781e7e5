using System.ComponentModel.DataAnnotations;
using ProfileService.Settings;

namespace ProfileService.Hosting;

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

    /// <summary>Longest time for a request, but for an event stream, which may take as long as data flows. 1 s to 10 min, default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Folder with a file a setting, named as the environment variable would be; none by default. What it holds overrides other places.</summary>
    [MinLength(1)]
    public string? SecretsDirectory { get; set; }
}
