using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Rows of the items that a user's window names.</summary>
internal static class SeenRows
{
    public static async Task<HashSet<int>> OfAsync(
        string userId, IWindowStore windows, ItemVectors items, CancellationToken cancellationToken) =>
        await windows.FindAsync(userId, cancellationToken) is { } found
            ? [.. found.Window.Events.Select(e => items.RowOf(e.ItemId)).OfType<int>()]
            : [];
}
