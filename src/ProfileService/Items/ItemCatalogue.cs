using System.Collections.Concurrent;
using System.Text;
using ProfileService.Model;

namespace ProfileService.Items;

/// <summary>Items in memory, for refreshes and lookups, which read them one by one.</summary>
internal sealed class ItemCatalogue
{
    private const int StackChars = 512; // more than the bytes of any id, which has up to 128 characters

    private readonly ConcurrentDictionary<string, Known> _items = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _deleted = new(StringComparer.Ordinal); // a package may still know these
    private readonly ConcurrentDictionary<string, Category> _categories = new(StringComparer.Ordinal); // shared by the items
    private readonly ConcurrentDictionary<string, Known>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private long _version; // 0 skips the lookup of every event's item

    public ItemCatalogue()
    {
        _byText = _items.GetAlternateLookup<ReadOnlySpan<char>>();
        Facts = FindFacts;
    }

    public int Count => _items.Count;

    public int DeletedCount => _deleted.Count;

    /// <summary>Grows with every item that is added, replaced or deleted.</summary>
    public long Version => Volatile.Read(ref _version);

    public IEnumerable<CatalogueItem> All => _items.Select(i => i.Value.Item);

    /// <summary>Ids of items that were deleted, and not put again.</summary>
    public IEnumerable<string> Deleted => _deleted.Select(i => i.Key);

    /// <summary>Finds what the model reads of an item, for <see cref="WindowEncoder"/>.</summary>
    public ItemLookup Facts { get; }

    /// <summary>The item's categories by its UTF-8 id; none if the item is unknown.</summary>
    public string[] CategoriesOf(ReadOnlySpan<byte> itemId) => FindKnown(itemId)?.Categories ?? [];

    public CatalogueItem? Find(string itemId) => _items.GetValueOrDefault(itemId)?.Item;

    /// <summary>Whether the item may be shown as one to have. An item that the catalogue never knew may.</summary>
    /// <param name="item">What is known of it, by which this was judged; null if nothing is.</param>
    public bool IsAvailable(string itemId, DateTimeOffset now, out CatalogueItem? item)
    {
        item = Find(itemId);
        return item?.IsAvailableAt(now) ?? !IsDeleted(itemId);
    }

    public bool IsDeleted(string itemId) => _deleted.ContainsKey(itemId);

    /// <summary>Adds the item, or replaces the item with the same id. The content vector, if any, is kept too.</summary>
    public void Keep(CatalogueItem item)
    {
        var categories = item.Categories.Distinct(StringComparer.Ordinal) // each counts once
            .Select(c => _categories.GetOrAdd(c, text => new Category(text, Encoding.UTF8.GetBytes(text))))
            .ToArray();
        var facts = new ItemFacts(categories.FirstOrDefault()?.Utf8, item.Content as float[] ?? item.Content?.ToArray());
        var texts = Array.ConvertAll(categories, c => c.Text);
        _items[item.ItemId] = new Known(item with { Categories = texts, Content = facts.Content }, facts, texts);
        _deleted.TryRemove(item.ItemId, out _);
        Interlocked.Increment(ref _version);
    }

    /// <summary>Forgets the item.</summary>
    /// <param name="isKept">Whether to keep in mind that it was deleted.</param>
    public void Delete(string itemId, bool isKept = true)
    {
        if (isKept)
            _deleted[itemId] = true; // first: at no time is the item in neither
        _items.TryRemove(itemId, out _);
        Interlocked.Increment(ref _version);
    }

    private ItemFacts? FindFacts(ReadOnlySpan<byte> itemId) => FindKnown(itemId)?.Facts;

    private Known? FindKnown(ReadOnlySpan<byte> itemId)
    {
        if (Version == 0)
            return null;
        // A text never has more characters than bytes.
        Span<char> text = itemId.Length <= StackChars ? stackalloc char[StackChars] : new char[itemId.Length];
        return _byText.TryGetValue(text[..Encoding.UTF8.GetChars(itemId, text)], out var known) ? known : null;
    }

    private sealed record Known(CatalogueItem Item, ItemFacts Facts, string[] Categories);

    private sealed record Category(string Text, byte[] Utf8);
}
