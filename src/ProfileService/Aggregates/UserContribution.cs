using ProfileService.Items;
using ProfileService.Windows;

namespace ProfileService.Aggregates;

/// <summary>
/// In what one user counts: the items that the user met last, and their categories, at most so many of each. It depends on the user's
/// window and on the catalogue alone, so that a user who comes or goes changes no other's counts.
/// </summary>
/// <param name="Items">Items of the catalogue, and whether the user met them recently.</param>
internal sealed record UserContribution(IReadOnlyDictionary<CatalogueItem, bool> Items, IReadOnlySet<string> Categories)
{
    /// <param name="mostOfEach">Items, and categories, in which a user counts at most.</param>
    /// <param name="since">From which timestamp on an event is recent.</param>
    public static UserContribution Of(Window window, ItemCatalogue catalogue, int mostOfEach, long since)
    {
        var items = new Dictionary<CatalogueItem, bool>(mostOfEach, ReferenceEqualityComparer.Instance);
        var categories = new HashSet<string>(mostOfEach, StringComparer.Ordinal);
        foreach (var e in window.Events.Reverse())
        {
            if (catalogue.Find(e.ItemId) is not { } item)
                continue;
            if (items.Count < mostOfEach)
                items.TryAdd(item, e.Timestamp >= since);
            foreach (var category in item.Categories)
            {
                if (categories.Count < mostOfEach)
                    categories.Add(category);
            }

            if (items.Count == mostOfEach && categories.Count == mostOfEach)
                break;
        }

        return new UserContribution(items, categories);
    }
}
