using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>The items to leave out of an answer because the user met them.</summary>
/// <param name="items">Items of the window.</param>
/// <param name="ever">Those that the user ever met; null if they are not asked for, or if there are none.</param>
internal sealed class SeenByUser(IEnumerable<string> items, SeenItems? ever)
{
    private readonly HashSet<string> _items = new(items, StringComparer.Ordinal);

    public bool Contains(string itemId) => _items.Contains(itemId) || ever?.Contains(SeenItems.HashOf(itemId)) == true;

    /// <summary>Removes the items that are known by name.</summary>
    public void RemoveFrom(RowSet rows, ItemIndex index)
    {
        foreach (var row in _items.Select(index.RowOf).OfType<int>())
            rows.Remove(row);
    }

    /// <summary>Whether a row's item is none that the user ever met; null if that is not asked for.</summary>
    public Predicate<int>? AdmitsOf(ItemIndex index) => ever is null ? null : row => !ever.Contains(SeenItems.HashOf(index.IdOf(row)));
}
