using System.ComponentModel.DataAnnotations;
using ProfileService.Platform.Settings;

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

    /// <summary>Where each event is archived before its 202, so that windows can be rebuilt: None or Postgres; default None.</summary>
    public ArchiveStore Archive { get; set; }

    /// <summary>
    /// Archived events are dropped, a day at a time, when they are older. At least Windows:IdleTtl + Windows:MaxAge, for a window can hold
    /// events that came so long ago; at most 10 years, default 270 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan ArchiveRetention { get; set; } = TimeSpan.FromDays(270);
}
