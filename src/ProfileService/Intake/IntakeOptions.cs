using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Intake;

/// <summary>Section <c>Events</c>: size limits of one request, for events, items and attributes alike.</summary>
[Section("Events")]
internal sealed class IntakeOptions
{
    /// <summary>The highest <see cref="MaxBodyBytes"/>.</summary>
    internal const int MostBodyBytes = 1 << 28;

    /// <summary>Maximum entries of a JSON array. 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxArrayLength { get; set; } = 1_000;

    /// <summary>Maximum bytes of a JSON body. An NDJSON stream may have any length. 1 KiB to 256 MiB, default 16 MiB.</summary>
    [Range(1 << 10, MostBodyBytes)]
    public int MaxBodyBytes { get; set; } = 1 << 24;

    /// <summary>Maximum bytes of an NDJSON line. A longer line is rejected and skipped. 1 KiB to 16 MiB, default 256 KiB.</summary>
    [Range(1 << 10, 1 << 24)]
    public int MaxLineBytes { get; set; } = 1 << 18;
}
