namespace ProfileService.Lookup;

/// <summary>A profile beside the revision of its window; either may be missing.</summary>
/// <param name="IsUnsure">Whether a store that should tell one of them is away: a profile is what was last known then, and a missing one may exist.</param>
internal readonly record struct ReadProfile(KnownProfile? Known, long? WindowRevision, int MaxEvents, bool IsUnsure = false)
{
    /// <summary>Changes of the window that the profile lacks, as far as they are known; at most the window's length, for then all of it is new.</summary>
    public long PendingEvents => WindowRevision is { } revision ? Math.Clamp(revision - (Known?.Profile.Revision ?? 0), 0, MaxEvents) : 0;

    public bool IsStale => PendingEvents > 0 || (IsUnsure && Known is not null);

    public bool IsUnknown => Known is null && WindowRevision is null && !IsUnsure;

    /// <summary>Seconds since the profile was computed.</summary>
    public double AgeSeconds(DateTimeOffset now) => Math.Max(0, (now.UtcDateTime - Known!.Profile.ComputedAt).TotalSeconds);
}
