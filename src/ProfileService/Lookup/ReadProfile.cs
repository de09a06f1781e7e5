using ProfileService.Profiles;

namespace ProfileService.Lookup;

/// <summary>A profile beside the revision of its window; either may be missing.</summary>
internal sealed record ReadProfile(Profile? Profile, long? WindowRevision, int MaxEvents)
{
    /// <summary>Changes of the window that the profile lacks; at most the window's length, for then all of it is new.</summary>
    public long PendingEvents => WindowRevision is { } revision ? Math.Clamp(revision - (Profile?.Revision ?? 0), 0, MaxEvents) : 0;

    public bool IsStale => PendingEvents > 0;

    public bool IsUnknown => Profile is null && WindowRevision is null;
}
