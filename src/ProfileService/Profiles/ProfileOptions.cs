using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Profiles;

/// <summary>Section <c>Profiles</c>: how profiles are kept.</summary>
[Section("Profiles")]
internal sealed class ProfileOptions
{
    /// <summary>Lifetime of a profile that is not refreshed in Redis's read cache. One minute to 1 year, default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan CacheTtl { get; set; } = TimeSpan.FromDays(7);
}
