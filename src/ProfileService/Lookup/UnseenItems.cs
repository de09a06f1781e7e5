using ProfileService.Items;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>
/// The catalogue's items that the package never saw. Such an item fits a user as the items of its categories do on average, which is what
/// the mean of their vectors would score. One without a category that the package's items have is not among them.
/// </summary>
internal sealed class UnseenItems(ItemCatalogue catalogue, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _looking = new();
    private Found? _found;

    /// <summary>The best of them that are admitted, the best first.</summary>
    /// <param name="scores">[N], of the package's items.</param>
    public IReadOnlyList<ScoredItem> Top(ItemVectors items, ReadOnlySpan<float> scores, int count, Predicate<string> admits)
    {
        var found = Look(items);
        if (found.Unseen.Count == 0)
            return [];
        var best = new BestRows(
            Math.Min(count, found.Unseen.Count),
            (x, y) => string.CompareOrdinal(found.Unseen[x].ItemId, found.Unseen[y].ItemId),
            row => admits(found.Unseen[row].ItemId));
        best.Offer(0, found.Score(scores));
        return [.. best.Sorted().Select(b => new ScoredItem(found.Unseen[b.Row].ItemId, b.Score))];
    }

    private Found Look(ItemVectors items)
    {
        if (Volatile.Read(ref _found) is { } found && found.Items == items)
        {
            if (found.Version == catalogue.Version || time.GetElapsedTime(found.LookedAt) < LookEvery || !_looking.TryEnter())
                return found; // also while another request looks, which may take long in a large catalogue
        }
        else
        {
            _looking.Enter();
        }

        try
        {
            return _found = Found.Of(items, catalogue, time);
        }
        finally
        {
            _looking.Exit();
        }
    }

    /// <param name="Version">Of the catalogue.</param>
    /// <param name="Rows">Rows of the package's items of each category.</param>
    /// <param name="Unseen">The items, and the categories of theirs that the package's items have.</param>
    private sealed record Found(
        ItemVectors Items, long Version, long LookedAt, List<List<int>> Rows, List<(string ItemId, List<int> Categories)> Unseen)
    {
        public static Found Of(ItemVectors items, ItemCatalogue catalogue, TimeProvider time)
        {
            var found = new Found(items, catalogue.Version, time.GetTimestamp(), [], []);
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var item in catalogue.All)
            {
                if (items.RowOf(item.ItemId) is { } row)
                    found.Add(row, item, numbers);
            }

            foreach (var item in catalogue.All)
            {
                List<int> known = [.. item.Categories.Where(numbers.ContainsKey).Select(c => numbers[c])];
                if (known.Count > 0 && items.RowOf(item.ItemId) is null)
                    found.Unseen.Add((item.ItemId, known));
            }

            return found;
        }

        /// <summary>The scores of the unseen items.</summary>
        /// <param name="scores">Of the package's items.</param>
        public float[] Score(ReadOnlySpan<float> scores)
        {
            var means = new float[Rows.Count];
            for (var category = 0; category < means.Length; category++)
            {
                foreach (var row in Rows[category])
                    means[category] += scores[row] / Rows[category].Count;
            }

            return [.. Unseen.Select(u => u.Categories.Average(c => means[c]))];
        }

        private void Add(int row, CatalogueItem item, Dictionary<string, int> numbers)
        {
            foreach (var category in item.Categories)
            {
                if (numbers.TryAdd(category, Rows.Count))
                    Rows.Add([]);
                Rows[numbers[category]].Add(row);
            }
        }
    }
}
