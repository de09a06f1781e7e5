using Microsoft.Extensions.Options;
using ProfileService.Windows;

namespace ProfileService.Items;

/// <summary>
/// Gathers the items of events that the catalogue does not know, where <see cref="ItemOptions.Learn"/> says so. Each process waits for
/// <see cref="ItemOptions.LearnUsers"/> different persons of its own; what waits is in its memory alone.
/// </summary>
internal sealed class ItemLearner
{
    /// <summary>How many users of items may wait; a user counts once for each item. Beyond these the counting begins anew.</summary>
    internal const int MaxWaiting = 200_000;

    private readonly ItemCatalogue _catalogue;
    private readonly ErasedUsers _erased;
    private readonly UserAliases _aliases;
    private readonly ItemOptions _options;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _met = new(StringComparer.Ordinal); // users who met an item, at least one
    private List<CatalogueItem> _learned = [];
    private int _waiting; // users in all sets

    public ItemLearner(ItemCatalogue catalogue, ErasedUsers erased, UserAliases aliases, IOptions<ItemOptions> options)
    {
        (_catalogue, _erased, _aliases, _options) = (catalogue, erased, aliases, options.Value);
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
            if (CountWith(userId, itemId) == _options.LearnUsers && _catalogue.Count < _options.MaxItems)
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
            {
                if (_met.Remove(item.ItemId, out var met))
                    _waiting -= met.Count;
            }
        }
    }

    /// <summary>Adds a user to those who met an item. Returns how many persons these are; 0 if the user changes nothing.</summary>
    private int CountWith(string userId, string itemId)
    {
        if (_met.TryGetValue(itemId, out var met) && (met.Count >= _options.LearnUsers || met.Contains(userId)))
            return 0;
        if (_waiting >= MaxWaiting)
        {
            _met.Clear();
            _waiting = 0;
        }

        if (!_met.TryGetValue(itemId, out met))
            _met.Add(itemId, met = new HashSet<string>(StringComparer.Ordinal));
        met.Add(userId);
        _waiting++;
        if (met.Count == _options.LearnUsers)
            CountPersons(met);
        return met.Count;
    }

    /// <summary>
    /// Users who were merged since they met the item are one person. A person that was erased lately is not counted: the erasure names the
    /// person, who stands here under another id.
    /// </summary>
    private void CountPersons(HashSet<string> met)
    {
        _waiting -= met.Count;
        string[] persons = [.. met.Select(_aliases.PersonOf).Where(person => !_erased.Contains(person))];
        met.Clear();
        met.UnionWith(persons);
        _waiting += met.Count;
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
            foreach (var (itemId, users) in _met)
            {
                if (!users.Remove(userId))
                    continue;
                _waiting--;
                if (users.Count == 0)
                    _met.Remove(itemId);
            }
        }
    }
}
