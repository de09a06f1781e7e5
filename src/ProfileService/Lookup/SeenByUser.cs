using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>The items to leave out of an answer because the user met them.</summary>
/// <param name="items">Items of the window.</param>
/// <param name="ever">Those that the user ever met; null if they are not asked for, or if there are none.</param>
internal sealed class SeenByUser(IEnumerable<string> items, SeenItems? ever)
{
    public static SeenByUser Nothing { get; } = new([], null);

    private readonly HashSet<string> _items = new(items, StringComparer.Ordinal);

    public bool Contains(string itemId) => _items.Contains(itemId) || ever?.Contains(SeenItems.HashOf(itemId)) == true;

    public void RemoveFrom(RowSet rows, ItemIndex index)
    {
        foreach (var row in _items.Select(index.RowOf).OfType<int>())
            rows.Remove(row);
        if (ever is null)
            return;
        var hashes = index.Hashes;
        for (var row = rows.Next(0); row >= 0; row = rows.Next(row + 1))
        {
            if (ever.Contains(hashes[row]))
                rows.Remove(row);
        }
    }
}
