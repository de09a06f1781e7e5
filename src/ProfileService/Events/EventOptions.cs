using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

namespace ProfileService.Events;

/// <summary>Section <c>Events</c>: which events are accepted, and the archive.</summary>
[Section("Events")]
internal sealed class EventOptions
{
    /// <summary>How far a timestamp may be ahead of the service's clock. 0 to 1 day, default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Accepted kinds in addition to the 10 built-in ones. None by default.</summary>
    public string[] ExtraKinds { get; set; } = [];

    /// <summary>
    /// What happens to an event with an unknown field. Ignore accepts the event without the field, and the response names the field. Reject
    /// rejects the event. Default Ignore.
    /// </summary>
    public UnknownFieldPolicy UnknownFields { get; set; }

    /// <summary>
    /// Where each event is archived before it is accepted, so that windows can be rebuilt: None or Postgres. Default None.
    /// </summary>
    public ArchiveStore Archive { get; set; }

    /// <summary>
    /// How long archived events are kept. Older ones are dropped, a day at a time. At least Windows:IdleTtl + Windows:MaxAge, because a
    /// window can contain events of that age; at most 10 years, default 270 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan ArchiveRetention { get; set; } = TimeSpan.FromDays(270);
}
