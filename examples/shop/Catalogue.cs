using System.Text.Json;
using ProfileService.Client;

namespace Shop;

/// <summary>What the shop sells. The shop owns it, and uploads it to ProfileService.</summary>
internal sealed class Catalogue(IReadOnlyList<CatalogueItem> items)
{
    private readonly Dictionary<string, CatalogueItem> _items = items.ToDictionary(item => item.ItemId);

    public IReadOnlyList<CatalogueItem> Items => items;

    /// <summary>Reads items, one as JSON a line.</summary>
    public static Catalogue Read(string file) =>
        new([.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<CatalogueItem>(line, JsonSerializerOptions.Web)!)]);

    public CatalogueItem? Find(string itemId) => _items.GetValueOrDefault(itemId);

    /// <summary>Up to 200 items with all these words in their title or categories.</summary>
    public IEnumerable<CatalogueItem> Search(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return items.Where(item => words is not [] && words.All(word => Has(item, word))).Take(200);
    }

    private static bool Has(CatalogueItem item, string word) =>
        $"{item.Title} {string.Join(' ', item.Categories ?? [])}".Contains(word, StringComparison.OrdinalIgnoreCase);
}
