using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>
/// Gathers the items of events that the catalogue does not know, where <see cref="ItemOptions.Learn"/> says so. Each process waits for
/// <see cref="ItemOptions.LearnUsers"/> different users of its own; what waits is in its memory alone.
/// </summary>
internal sealed class ItemLearner(ItemCatalogue catalogue, IOptions<ItemOptions> options)
{
    private const int MostWaiting = 100_000; // items; beyond these the counting begins anew

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<ulong>> _met = new(StringComparer.Ordinal); // hashes of the users who met an item
    private List<CatalogueItem> _learned = [];

    /// <summary>Notes that a user met an item in these categories.</summary>
    public void Note(string userId, string itemId, IReadOnlyList<string>? categories)
    {
        if (!options.Value.Learn || categories is not { Count: > 0 } || catalogue.Find(itemId) is not null || catalogue.IsDeleted(itemId))
            return;
        lock (_lock)
        {
            if (!_met.TryGetValue(itemId, out var met))
            {
                if (_met.Count >= MostWaiting)
                    _met.Clear();
                _met.Add(itemId, met = []);
            }

            var enough = options.Value.LearnUsers;
            if (met.Count < enough && met.Add(StableHash.Of(userId)) && met.Count == enough && catalogue.Count < options.Value.MaxItems)
                _learned.Add(new CatalogueItem(itemId, categories, null, null, []));
        }
    }

    /// <summary>The items that enough users met since the last call.</summary>
    public IReadOnlyList<CatalogueItem> Take()
    {
        lock (_lock)
        {
            var taken = _learned;
            _learned = [];
            return taken;
        }
    }

    /// <summary>Items were not stored, and are to be taken again.</summary>
    public void PutBack(IReadOnlyList<CatalogueItem> items)
    {
        lock (_lock)
            _learned.AddRange(items);
    }

    /// <summary>Items are in the catalogue.</summary>
    public void Forget(IReadOnlyList<CatalogueItem> items)
    {
        lock (_lock)
        {
            foreach (var item in items)
                _met.Remove(item.ItemId);
        }
    }
}
