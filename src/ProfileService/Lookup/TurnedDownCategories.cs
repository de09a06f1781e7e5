using ProfileService.Items;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>The categories that a user's window says far more against than for.</summary>
internal sealed class TurnedDownCategories
{
    private readonly Dictionary<string, (double For, double Against)> _weights = new(StringComparer.Ordinal);

    /// <summary>The categories that something speaks against: one of them at least has each item that counts as turned down.</summary>
    public IEnumerable<string> Names => _weights.Where(c => c.Value.Against > 0).Select(c => c.Key);

    /// <param name="feedback">What the window says of each item, see <see cref="ItemFeedback"/>.</param>
    /// <returns>Null if there are none.</returns>
    public static TurnedDownCategories? Of(IReadOnlyList<WindowEvent> events, Dictionary<string, double> feedback, ItemCatalogue catalogue)
    {
        if (feedback.Values.All(weight => weight >= 0))
            return null;
        var found = new TurnedDownCategories();
        foreach (var e in events.DistinctBy(e => e.ItemId))
            found.Add(e.Categories is { Count: > 0 } own ? own : catalogue.Find(e.ItemId)?.Categories ?? [], feedback[e.ItemId]);
        return found._weights.Values.Any(c => ItemFeedback.IsTurnedDown(c.For, c.Against)) ? found : null;
    }

    /// <summary>Whether an item of these categories counts as turned down. The weights of its categories are summed.</summary>
    public bool Contain(IReadOnlyList<string> categories)
    {
        var (liked, against) = (0.0, 0.0);
        for (var i = 0; i < categories.Count; i++)
        {
            if (_weights.TryGetValue(categories[i], out var own))
                (liked, against) = (liked + own.For, against + own.Against);
        }

        return ItemFeedback.IsTurnedDown(liked, against);
    }

    private void Add(IReadOnlyList<string> categories, double weight)
    {
        foreach (var category in categories.Distinct(StringComparer.Ordinal))
        {
            var (liked, against) = _weights.GetValueOrDefault(category);
            _weights[category] = weight < 0 ? (liked, against - weight) : (liked + weight, against);
        }
    }
}
