namespace ProfileService.Windows;

/// <summary>A window and its revision.</summary>
/// <param name="Revision">
/// Increases by one with each change. The first revision of a window is the Unix time in milliseconds. Therefore a window that begins
/// again, after it was dropped or its store was lost, never repeats a revision that a profile or a client's ETag already has.
/// </param>
internal sealed record StoredWindow(Window Window, long Revision)
{
    /// <summary>The revision after a number of changes to a window.</summary>
    /// <param name="current">Revision of the window; null for a new one.</param>
    public static long RevisionAfter(long? current, int changes, DateTimeOffset now) =>
        (current ?? now.ToUnixTimeMilliseconds() - 1) + changes;
}
