using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Revisions of users' windows in the order of the ids, or the exception if they cannot be read.</summary>
internal readonly record struct WindowRevisions(IReadOnlyList<long?> Revisions, Exception? Failure)
{
    public bool AreAway => Failure is not null;

    /// <summary>Null if there is no window, or if the store is unavailable.</summary>
    public long? Of(int index) => AreAway ? null : Revisions[index];

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
