using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Refresh;

/// <summary>Section <c>Refresh</c>: how profiles of due users are computed.</summary>
[Section("Refresh")]
internal sealed class RefreshOptions
{
    /// <summary>Maximum users per batch. 1 to 4,096, default 128.</summary>
    [Range(1, 4_096)]
    public int MaxBatch { get; set; } = 128;

    /// <summary>
    /// Concurrent batches. Each occupies a thread while the model runs. 0 to 1,024. Default 0: one more than the processors that the
    /// process may use, so that no processor idles while a batch waits for the stores.
    /// </summary>
    [Range(0, 1_024)]
    public int Workers { get; set; }

    /// <summary>The effective value of <see cref="Workers"/>: the number of loops of the worker.</summary>
    internal int Loops => Workers > 0 ? Workers : Environment.ProcessorCount + 1;

    /// <summary>How long a batch waits for more users, but only while another batch is running. 0 to 1 second, default 1 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// Duration of a claim. The users of a process that crashes are due again after it. Must be the same for all processes, whose clocks
    /// may differ by up to a minute. 1 second to 10 minutes, default 30 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);
}
