using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Windows;

/// <summary>Section <c>Windows</c>: size and lifetime of windows.</summary>
[Section("Windows")]
internal sealed class WindowOptions
{
    /// <summary>Maximum number of events in a window; older ones are dropped. 1 to 10,000, default 100.</summary>
    [Range(1, 10_000)]
    public int MaxEvents { get; set; } = 100;

    /// <summary>How much older than the user's newest event an event may be. One minute to 10 years, default 90 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Time without a change after which a window is dropped. One hour to 10 years, default 180 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan IdleTtl { get; set; } = TimeSpan.FromDays(180);

    /// <summary>
    /// Age of an event from which on its text is removed from the window; the text's sentiment stays. One hour to 10 years. Default 0: a
    /// text stays as long as its event.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan TextTtl { get; set; }

    /// <summary>
    /// Whether the service remembers which items each user ever met, beyond the window, in about 1 KiB a user. Default false.
    /// </summary>
    public bool RememberSeen { get; set; }

    /// <summary>
    /// Number of partitions, which Redis Cluster distributes over its servers. Cannot be changed while Redis contains windows. 1 to 16,384,
    /// default 256.
    /// </summary>
    [Range(1, 16_384)]
    public int Partitions { get; set; } = 256;

    /// <summary>
    /// Whether the operator knows how durable Redis is. The service then does not check whether Redis's settings can lose acknowledged
    /// events. For servers that refuse CONFIG GET, and for risks that are accepted. Default false.
    /// </summary>
    public bool DurabilityIsKnown { get; set; }
}
