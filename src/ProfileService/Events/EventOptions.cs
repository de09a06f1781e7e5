using System.ComponentModel.DataAnnotations;
using ProfileService.Settings;

namespace ProfileService.Events;

/// <summary>Section <c>Events</c>: what the door takes in.</summary>
[Section("Events")]
internal sealed class EventOptions
{
    /// <summary>How far ahead of the service's clock a timestamp may be. 0 to 1 day, default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Kinds taken in beside the known ten; none by default.</summary>
    public string[] ExtraKinds { get; set; } = [];

    /// <summary>
    /// What becomes of an event that has a field which nothing reads: Ignore takes it without, and the answer names the field; Reject refuses it.
    /// Default Ignore.
    /// </summary>
    public UnknownFieldPolicy UnknownFields { get; set; }

    /// <summary>Events in one JSON array. 1 to 10,000, default 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxArrayLength { get; set; } = 1_000;

    /// <summary>Bytes of a JSON body; an NDJSON stream may have any length. 1 KiB to 256 MiB, default 16 MiB.</summary>
    [Range(1 << 10, 1 << 28)]
    public int MaxBodyBytes { get; set; } = 1 << 24;

    /// <summary>Bytes of one NDJSON line; a longer one is rejected and skipped. 1 KiB to 16 MiB, default 256 KiB.</summary>
    [Range(1 << 10, 1 << 24)]
    public int MaxLineBytes { get; set; } = 1 << 18;

    /// <summary>Where each event is archived before its 202, so that windows can be rebuilt: None or Postgres; default None.</summary>
    public ArchiveStore Archive { get; set; }

    /// <summary>
    /// Archived events are dropped, a day at a time, when they are older. At least Windows:IdleTtl + Windows:MaxAge, for a window can hold
    /// events that came so long ago; at most 10 years, default 270 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan ArchiveRetention { get; set; } = TimeSpan.FromDays(270);
}
