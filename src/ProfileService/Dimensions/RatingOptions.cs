using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Dimensions;

/// <summary>Section <c>Events</c>: the scale of the values of ratings and reviews.</summary>
[Section("Events")]
internal sealed class RatingOptions
{
    /// <summary>The worst rating. -1,000,000 to 1,000,000, below HighestRating, default 1.</summary>
    [Range(-1_000_000d, 1_000_000d)]
    public double LowestRating { get; set; } = 1;

    /// <summary>The best rating. -1,000,000 to 1,000,000, above LowestRating, default 5.</summary>
    [Range(-1_000_000d, 1_000_000d)]
    public double HighestRating { get; set; } = 5;
}
