using System.ComponentModel.DataAnnotations;
using ProfileService.Model;
using ProfileService.Platform.Settings;

namespace ProfileService.Items;

/// <summary>Section <c>Items</c>: what is known of items.</summary>
[Section("Items")]
internal sealed class ItemOptions
{
    /// <summary>Items that this process keeps in memory; of more, the ones that changed last when it started. 1 to 100,000,000, default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxItems { get; set; } = 1_000_000;

    /// <summary>Numbers of an item's content vector; 0, the default, where items have none. At most 4,096.</summary>
    [Range(0, ModelManifest.MaxContentDimension)]
    public int ContentDimension { get; set; }

    /// <summary>How often this process looks for items that others changed. 1 second to 1 hour, default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);
}
