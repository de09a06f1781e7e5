namespace ProfileService.Windows;

/// <summary>A window and its revision.</summary>
/// <param name="Revision">
/// Rises by one with each change. The first of a window is the Unix time in milliseconds, so that a window begun anew,
/// after it was dropped or its store was lost, never repeats a revision that a profile or a client's ETag already has.
/// </param>
internal sealed record StoredWindow(Window Window, long Revision)
{
    /// <summary>The revision after so many changes of a window at <paramref name="current"/>, null if it begins.</summary>
    public static long RevisionAfter(long? current, int changes, DateTimeOffset now) =>
        (current ?? now.ToUnixTimeMilliseconds() - 1) + changes;
}
