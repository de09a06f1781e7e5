using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Refresh;

/// <summary>Section <c>Refresh</c>: how due users are taken through the model.</summary>
[Section("Refresh")]
internal sealed class RefreshOptions
{
    /// <summary>Users claimed at once. 1 to 4,096, default 128.</summary>
    [Range(1, 4_096)]
    public int MaxBatch { get; set; } = 128;

    /// <summary>
    /// Batches in hand at once, each on a thread of its own while the model runs; 0, the default, is one more than the processors that the
    /// process may use, so that none idles while a batch is with the stores. 0 to 1,024.
    /// </summary>
    [Range(0, 1_024)]
    public int Workers { get; set; }

    /// <summary><see cref="Workers"/> as it turns out.</summary>
    internal int Loops => Workers > 0 ? Workers : Environment.ProcessorCount + 1;

    /// <summary>How long a batch waits for more users, but only while another batch is running. 0 to 1 second, default 1 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// How long a claim lasts: a worker that dies gives its users back after it. The same for all processes; their clocks may be a minute
    /// apart. 1 second to 10 minutes, default 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
}
