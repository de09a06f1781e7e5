using System.Collections.Concurrent;

namespace ProfileService.Items;

/// <summary>The items that this process knows, in memory: what a refresh and a lookup ask for, item by item.</summary>
internal sealed class ItemCatalogue
{
    private readonly ConcurrentDictionary<string, CatalogueItem> _items = new(StringComparer.Ordinal);

    public int Count => _items.Count;

    public CatalogueItem? Find(string itemId) => _items.GetValueOrDefault(itemId);

    public void Keep(CatalogueItem item) => _items[item.ItemId] = item;
}
