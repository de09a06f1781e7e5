using ProfileService.Items;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>The categories of which a user's window says far more against them than for them.</summary>
internal sealed class TurnedDownCategories
{
    private readonly Dictionary<string, (double For, double Against)> _said = new(StringComparer.Ordinal);

    /// <param name="said">What the window says of each item, see <see cref="Opinions"/>.</param>
    public static TurnedDownCategories? Of(IReadOnlyList<WindowEvent> events, Dictionary<string, double> said, ItemCatalogue catalogue)
    {
        if (said.Values.All(opinion => opinion >= 0))
            return null;
        var found = new TurnedDownCategories();
        foreach (var e in events.DistinctBy(e => e.ItemId))
            found.Add(e.Categories is { Count: > 0 } own ? own : catalogue.Find(e.ItemId)?.Categories ?? [], said[e.ItemId]);
        return found._said.Values.Any(c => Opinions.AreAgainst(c.For, c.Against)) ? found : null;
    }

    /// <summary>Whether an item of these categories was turned down: all of them together.</summary>
    public bool Hold(IReadOnlyList<string> categories)
    {
        var (liked, against) = (0.0, 0.0);
        for (var i = 0; i < categories.Count; i++)
        {
            if (_said.TryGetValue(categories[i], out var own))
                (liked, against) = (liked + own.For, against + own.Against);
        }

        return Opinions.AreAgainst(liked, against);
    }

    private void Add(IReadOnlyList<string> categories, double opinion)
    {
        foreach (var category in categories.Distinct(StringComparer.Ordinal))
        {
            var (liked, against) = _said.GetValueOrDefault(category);
            _said[category] = opinion < 0 ? (liked, against - opinion) : (liked + opinion, against);
        }
    }
}
