using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Lookup;

/// <summary>Section <c>Lookup</c>: lookups of profiles.</summary>
[Section("Lookup")]
internal sealed class LookupOptions
{
    /// <summary>Longest wait of <c>?fresh=true</c>, and for a user's first profile. 10 ms to 1 minute, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FreshTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Users in one batch lookup. 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxUsers { get; set; } = 1_000;

    /// <summary>
    /// How long a profile that was found to be up to date is returned without another check of its window. Changes by other processes are
    /// visible after this time; changes by this process, and all with <c>?fresh=true</c>, at once. 0 to 10 s, default 100 ms; 0 checks each
    /// time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Approximate bytes of profiles in memory; never more than an eighth of the process's memory. 0 to 64 GiB, default 64 MiB; 0 disables
    /// the cache.
    /// </summary>
    [Range(0, 1L << 36)]
    public long MemoryBytes { get; set; } = 1L << 26;
}
