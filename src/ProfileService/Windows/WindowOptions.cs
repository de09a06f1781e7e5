using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Windows;

/// <summary>Section <c>Windows</c>: what a window holds and how long.</summary>
[Section("Windows")]
internal sealed class WindowOptions
{
    /// <summary>Events kept per user; older ones fall out. 1 to 10,000, default 100.</summary>
    [Range(1, 10_000)]
    public int MaxEvents { get; set; } = 100;

    /// <summary>How much older than the user's newest event an event may be. One minute to 10 years, default 90 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(90);

    /// <summary>A window to which nothing came for so long is dropped whole. One hour to 10 years, default 180 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan IdleTtl { get; set; } = TimeSpan.FromDays(180);

    /// <summary>Parts that Redis Cluster spreads over its servers. Fixed once windows lie in Redis. 1 to 16,384, default 256.</summary>
    [Range(1, 16_384)]
    public int Partitions { get; set; } = 256;

    /// <summary>
    /// Whether the operator knows how durable Redis is: its settings are then not looked at for what can lose acknowledged events. For
    /// servers that do not tell them (no CONFIG), and for risks that are taken. Default false.
    /// </summary>
    public bool DurabilityIsKnown { get; set; }
}
