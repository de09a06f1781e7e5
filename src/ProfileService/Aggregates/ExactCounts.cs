namespace ProfileService.Aggregates;

/// <summary>Counts of users, before noise. They never leave the process.</summary>
internal sealed class ExactCounts
{
    private readonly Dictionary<string, ItemUsers> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _categories = new(StringComparer.Ordinal);

    public int Users { get; private set; }

    /// <summary>Counts a user, once.</summary>
    public void Add(UserContribution user)
    {
        Users++;
        foreach (var (item, isRecent) in user.Items)
        {
            var counted = UsersOf(item.ItemId);
            _items[item.ItemId] = isRecent
                ? counted with { Recent = counted.Recent + 1 }
                : counted with { Before = counted.Before + 1 };
        }

        foreach (var category in user.Categories)
            _categories[category] = UsersOfCategory(category) + 1;
    }

    public ItemUsers UsersOf(string itemId) => _items.GetValueOrDefault(itemId);

    public int UsersOfCategory(string category) => _categories.GetValueOrDefault(category);
}

/// <summary>Users by when they met an item last.</summary>
internal readonly record struct ItemUsers(int Recent, int Before);
