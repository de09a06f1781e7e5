using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Beacon;

/// <summary>Section <c>Beacon</c>: the tokens by which pages send events, and how many requests each may be used for.</summary>
[Section("Beacon")]
internal sealed class BeaconOptions
{
    /// <summary>How long a token is valid that asks for nothing else. 1 minute to 1 day, default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Requests a second that all pages of one user may send, with up to 100 events each. 0 to 1,000, default 10; 0 is no limit.
    /// </summary>
    [Range(0, 1_000)]
    public int RequestsPerSecond { get; set; } = 10;
}
