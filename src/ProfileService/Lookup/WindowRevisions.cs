using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Revisions of users' windows in the order asked, or why they cannot be had.</summary>
internal readonly record struct WindowRevisions(IReadOnlyList<long?> Revisions, Exception? Failure)
{
    public bool AreAway => Failure is not null;

    /// <summary>Null if there is no window, or if that cannot be told.</summary>
    public long? Of(int place) => AreAway ? null : Revisions[place];

    public static async Task<WindowRevisions> ReadAsync(
        IWindowStore windows, IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        try
        {
            return new(userIds.Count == 1
                ? [await windows.FindRevisionAsync(userIds[0], cancellationToken)]
                : await windows.FindRevisionsAsync(userIds, cancellationToken), null);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return new([], e);
        }
    }
}
