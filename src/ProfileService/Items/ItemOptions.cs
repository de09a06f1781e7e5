using System.ComponentModel.DataAnnotations;
using ProfileService.Model;
using ProfileService.Platform.Settings;

namespace ProfileService.Items;

/// <summary>Section <c>Items</c>: the catalogue of items.</summary>
[Section("Items")]
internal sealed class ItemOptions
{
    /// <summary>
    /// Maximum number of items that this process keeps in memory. If there are more, it keeps those that had changed last when it started.
    /// 1 to 100,000,000, default 1,000,000.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MaxItems { get; set; } = 1_000_000;

    /// <summary>Length of an item's content vector, at most 4,096; 0, the default, if items have none.</summary>
    [Range(0, ModelManifest.MaxContentDimension)]
    public int ContentDimension { get; set; }

    /// <summary>
    /// Whether items that events name, and the catalogue does not know, are stored with the categories of the event. Default false: ids of
    /// items may tell of the users who met them.
    /// </summary>
    public bool Learn { get; set; }

    /// <summary>
    /// How many persons must have met an item, in events that reached the same process, before it is learned. 1 to 1,000, default 3.
    /// </summary>
    [Range(1, 1_000)]
    public int LearnUsers { get; set; } = 3;

    /// <summary>How often this process reads the items that other processes changed. 1 second to 1 hour, default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);
}
