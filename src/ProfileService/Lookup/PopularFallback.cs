using ProfileService.Aggregates;
using ProfileService.Items;

namespace ProfileService.Lookup;

/// <summary>
/// What many users met, to fill up a list that is too short. It comes from the last release, which is the same for everybody, and has noise
/// that hides each user.
/// </summary>
internal sealed class PopularFallback(ReleaseReader releases, ItemCatalogue catalogue, TimeProvider time)
{
    /// <param name="items">What is recommended already.</param>
    /// <param name="seen">Items to leave out.</param>
    /// <returns>As many as lack; fewer, or none, if the release has no more.</returns>
    public async Task<IReadOnlyList<PopularItem>> TopAsync(
        RecommendationRequest request, IReadOnlyList<RecommendedItem> items, SeenByUser seen, CancellationToken cancellationToken)
    {
        if (items.Count >= request.Count || await releases.FindAsync(cancellationToken) is not { } last)
            return [];
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
