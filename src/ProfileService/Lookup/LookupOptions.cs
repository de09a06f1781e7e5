using System.ComponentModel.DataAnnotations;

namespace ProfileService.Lookup;

/// <summary>Section <c>Lookup</c>: the door out.</summary>
internal sealed class LookupOptions
{
    /// <summary>Longest wait of <c>?fresh=true</c>, and for a user's first profile. 10 ms to 1 minute, default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan FreshTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Users in one batch lookup. 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxUsers { get; set; } = 1_000;
}
