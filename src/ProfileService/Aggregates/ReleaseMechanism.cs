using ProfileService.Items;

namespace ProfileService.Aggregates;

/// <summary>
/// Makes a release of exact counts: noise on the count of every item and category of the catalogue, whether anybody met it or not, and
/// on the number of users; then, of the noisy numbers alone, which are listed and in which order (docs/privacy.md). Only the catalogue
/// decides what noise is added to. It is no user's, unless items are learned of users' events (Items:Learn): epsilon does not bound what
/// those tell.
/// </summary>
internal sealed class ReleaseMechanism(GeometricNoise noise)
{
    public const int MaxItems = 10_000;

    // Tenths of epsilon. A user counts in up to MaxItemsPerUser items, in as many categories, and once among the users.
    private const int ItemsShare = 6;
    private const int CategoriesShare = 3;
    private const int UsersShare = 1;

    public ReleasedCounts Release(ExactCounts counts, IReadOnlyCollection<CatalogueItem> catalogue, AggregateOptions options)
    {
        var categories = catalogue.SelectMany(i => i.Categories).Distinct(StringComparer.Ordinal).ToList();
        var ofItems = NoiseOf(options, options.MaxItemsPerUser, ItemsShare);
        var ofCategories = NoiseOf(options, options.MaxItemsPerUser, CategoriesShare);
        var itemsFrom = ofItems is { } item ? ListingThreshold.OfSums(item.Ratio, catalogue.Count) : 1;
        var categoriesFrom = ofCategories is { } category ? ListingThreshold.Of(category.Ratio, categories.Count) : 1;
        var (recent, before, items) = ReleaseItems(counts, catalogue, ofItems, itemsFrom);
        return new ReleasedCounts(
            options.EpsilonThousandths,
            options.MaxItemsPerUser,
            options.Recent.TotalDays,
            itemsFrom,
            categoriesFrom,
            Math.Max(0, Noisy(counts.Users, NoiseOf(options, 1, UsersShare))),
            recent,
            before,
            items,
            [.. categories.Select(c => new ReleasedCategory(c, Noisy(counts.UsersOfCategory(c), ofCategories)))
                .Where(c => c.Users >= categoriesFrom)
                .OrderByDescending(c => c.Users).ThenBy(c => c.Category, StringComparer.Ordinal)]);
    }

    private (long Recent, long Before, IReadOnlyList<ReleasedItem> Items) ReleaseItems(
        ExactCounts counts, IEnumerable<CatalogueItem> catalogue, NoiseScale? scale, int from)
    {
        var (recent, before, listed) = (0L, 0L, new List<ReleasedItem>());
        foreach (var item in catalogue)
        {
            var exact = counts.UsersOf(item.ItemId);
            var noisy = new ReleasedItem(item.ItemId, Noisy(exact.Recent, scale), Noisy(exact.Before, scale));
            (recent, before) = (recent + noisy.Recent, before + noisy.Before);
            if (noisy.Users >= from)
                listed.Add(noisy);
        }

        var greatest = listed.OrderByDescending(i => i.Users).ThenBy(i => i.ItemId, StringComparer.Ordinal).Take(MaxItems);
        return (recent, before, [.. greatest]);
    }

    private int Noisy(int count, NoiseScale? scale) => scale is { } drawn ? count + noise.Draw(drawn) : count;

    private static NoiseScale? NoiseOf(AggregateOptions options, int sensitivity, int share) =>
        options.EpsilonThousandths == 0 ? null : NoiseScale.Of(sensitivity, epsilonTenThousandths: options.EpsilonThousandths * share);
}
