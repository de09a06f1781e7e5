using Microsoft.Extensions.Options;
using ProfileService.Windows;

namespace ProfileService.Items;

/// <summary>
/// Gathers the items of events that the catalogue does not know, where <see cref="ItemOptions.Learn"/> says so. Each process waits for
/// <see cref="ItemOptions.LearnUsers"/> different users of its own; what waits is in its memory alone.
/// </summary>
internal sealed class ItemLearner
{
    private const int MostWaiting = 100_000; // items; beyond these the counting begins anew

    private readonly ItemCatalogue _catalogue;
    private readonly ErasedUsers _erased;
    private readonly ItemOptions _options;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _met = new(StringComparer.Ordinal); // users who met an item
    private List<CatalogueItem> _learned = [];

    public ItemLearner(ItemCatalogue catalogue, ErasedUsers erased, IOptions<ItemOptions> options)
    {
        (_catalogue, _erased, _options) = (catalogue, erased, options.Value);
        erased.SubscribeToErasures(UsersWhoMet, Forget);
    }

    public bool IsOn => _options.Learn;

    /// <summary>
    /// Notes that a user met an item in these categories. A user that was erased lately is not counted, because what is noted may be of
    /// before the erasure.
    /// </summary>
    /// <param name="userId">The person, where the id is an alias; one whose purposes allow a profile.</param>
    public void Note(string userId, string itemId, IReadOnlyList<string>? categories)
    {
        if (!IsOn || categories is not { Count: > 0 } || _catalogue.Find(itemId) is not null || _catalogue.IsDeleted(itemId))
            return;
        lock (_lock)
        {
            if (_erased.Contains(userId)) // one that is told from now on waits for the lock, and finds the user
                return;
            if (!_met.TryGetValue(itemId, out var met))
            {
                if (_met.Count >= MostWaiting)
                    _met.Clear();
                _met.Add(itemId, met = new HashSet<string>(StringComparer.Ordinal));
            }

            var enough = _options.LearnUsers;
            if (met.Count < enough && met.Add(userId) && met.Count == enough && _catalogue.Count < _options.MaxItems)
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

    private List<string> UsersWhoMet()
    {
        lock (_lock)
            return [.. _met.Values.SelectMany(users => users).Distinct()];
    }

    private void Forget(string userId)
    {
        lock (_lock)
        {
            foreach (var users in _met.Values)
                users.Remove(userId);
        }
    }
}
