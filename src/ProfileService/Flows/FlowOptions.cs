using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Flows;

/// <summary>Section <c>Flows</c>: what flows out to those who keep a copy of the profiles.</summary>
[Section("Flows")]
internal sealed class FlowOptions
{
    /// <summary>
    /// Requests for changes that may be open in this process at the same time, waiting or not. Further ones are answered with 503 and
    /// Retry-After. 1 to 10,000, default 100.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxFollowers { get; set; } = 100;

    /// <summary>Exports of profiles that this process sends at the same time; as <see cref="MaxFollowers"/>. 1 to 100, default 2.</summary>
    [Range(1, 100)]
    public int MaxExports { get; set; } = 2;
}
