using ProfileService.Aggregates;
using ProfileService.Items;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>
/// What many users met, to fill up a list that is too short. It comes from the last release, which is the same for everybody, and has noise
/// that hides each user.
/// </summary>
internal sealed class PopularFallback(ReleaseReader releases, ItemCatalogue catalogue, TimeProvider time)
{
    /// <param name="items">What is recommended already.</param>
    /// <param name="seen">Items to leave out.</param>
    /// <returns>
    /// As many as lack; fewer, or none, if the release has no more. None if nothing is known of a release while the database is away,
    /// unless there is nothing else to recommend: then the failure is thrown.
    /// </returns>
    public async Task<PopularItemsInstead> TopAsync(
        RecommendationRequest request, IReadOnlyList<RecommendedItem> items, SeenByUser seen, CancellationToken cancellationToken)
    {
        if (items.Count >= request.Count)
            return new PopularItemsInstead([], IsStale: false);
        try
        {
            var found = await releases.FindAsync(cancellationToken);
            return new PopularItemsInstead(found.Last is { } last ? Top(last, request, items, seen) : [], found.IsStale);
        }
        catch (Exception e) when (items.Count > 0 && StoreFailure.Is(e))
        {
            return new PopularItemsInstead([], IsStale: true);
        }
    }

    private List<PopularItem> Top(
        LastRelease last, RecommendationRequest request, IReadOnlyList<RecommendedItem> items, SeenByUser seen)
    {
        HashSet<string> without = [.. items.Select(i => i.ItemId)];
        var filter = request.FilterOrNone();
        var now = time.GetUtcNow();
        var quota = new CategoryQuota(request.MaxPerCategory, items.Select(i => i.Categories));
        return
        [
            .. last.Counts.Items.Where(i => !without.Contains(i.ItemId) && !seen.Contains(i.ItemId))
                .Select(i => (Counts: i, IsAvailable: catalogue.IsAvailable(i.ItemId, now, out var known), Known: known))
                .Where(i => i.IsAvailable && filter.Admits(i.Counts.ItemId, i.Known))
                .Select(i => PopularItem.Of(i.Counts, i.Known))
                .Where(i => quota.TryTake(i.Categories))
                .Take(request.Count - items.Count),
        ];
    }
}

/// <summary>What fills up a list.</summary>
/// <param name="IsStale">Whether the database could not be asked for a later release.</param>
internal sealed record PopularItemsInstead(IReadOnlyList<PopularItem> Items, bool IsStale);
