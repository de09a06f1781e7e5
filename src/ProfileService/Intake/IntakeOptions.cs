using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Intake;

/// <summary>Section <c>Events</c>: how much one request may bring, of events, items and attributes alike.</summary>
[Section("Events")]
internal sealed class IntakeOptions
{
    /// <summary>Entries of one JSON array. 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxArrayLength { get; set; } = 1_000;

    /// <summary>Bytes of a JSON body; an NDJSON stream may have any length. 1 KiB to 256 MiB, default 16 MiB.</summary>
    [Range(1 << 10, 1 << 28)]
    public int MaxBodyBytes { get; set; } = 1 << 24;

    /// <summary>Bytes of one NDJSON line; a longer one is rejected and skipped. 1 KiB to 16 MiB, default 256 KiB.</summary>
    [Range(1 << 10, 1 << 24)]
    public int MaxLineBytes { get; set; } = 1 << 18;
}
