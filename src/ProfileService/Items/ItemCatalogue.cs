using System.Collections.Concurrent;
using System.Text;
using ProfileService.Model;

namespace ProfileService.Items;

/// <summary>The items that this process knows, in memory: what a refresh and a lookup ask for, item by item.</summary>
internal sealed class ItemCatalogue
{
    private const int StackChars = 512; // no id of 128 characters has more bytes

    private readonly ConcurrentDictionary<string, Known> _items = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Category> _categories = new(StringComparer.Ordinal); // items share them
    private readonly ConcurrentDictionary<string, Known>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private volatile bool _hasAny; // where there are no items events are not looked up at all

    public ItemCatalogue()
    {
        _byText = _items.GetAlternateLookup<ReadOnlySpan<char>>();
        Facts = FindFacts;
    }

    public int Count => _items.Count;

    /// <summary>What the model takes from an item, for <see cref="WindowEncoder"/>.</summary>
    public ItemLookup Facts { get; }

    public CatalogueItem? Find(string itemId) => _items.GetValueOrDefault(itemId)?.Item;

    /// <summary>Adds the item or replaces the one of its id. A content vector is kept where the item has one.</summary>
    public void Keep(CatalogueItem item)
    {
        var categories = item.Categories.Select(c => _categories.GetOrAdd(c, text => new Category(text, Encoding.UTF8.GetBytes(text)))).ToArray();
        var facts = new ItemFacts(categories.FirstOrDefault()?.Utf8, item.Content as float[] ?? item.Content?.ToArray());
        _items[item.ItemId] = new Known(item with { Categories = Array.ConvertAll(categories, c => c.Text), Content = facts.Content }, facts);
        _hasAny = true;
    }

    private ItemFacts? FindFacts(ReadOnlySpan<byte> itemId)
    {
        if (!_hasAny)
            return null;
        Span<char> text = itemId.Length <= StackChars ? stackalloc char[StackChars] : new char[itemId.Length]; // no text has more characters than bytes
        return _byText.TryGetValue(text[..Encoding.UTF8.GetChars(itemId, text)], out var known) ? known.Facts : null;
    }

    private sealed record Known(CatalogueItem Item, ItemFacts Facts);

    private sealed record Category(string Text, byte[] Utf8);
}
