namespace ProfileService.Lookup;

/// <summary>A profile beside the revision of its window; either may be missing.</summary>
internal readonly record struct ReadProfile(KnownProfile? Known, long? WindowRevision, int MaxEvents)
{
    /// <summary>Changes of the window that the profile lacks; at most the window's length, for then all of it is new.</summary>
    public long PendingEvents => WindowRevision is { } revision ? Math.Clamp(revision - (Known?.Profile.Revision ?? 0), 0, MaxEvents) : 0;

    public bool IsStale => PendingEvents > 0;

    public bool IsUnknown => Known is null && WindowRevision is null;

    /// <summary>Seconds since the profile was computed.</summary>
    public double AgeSeconds(DateTimeOffset now) => Math.Max(0, (now.UtcDateTime - Known!.Profile.ComputedAt).TotalSeconds);
}
