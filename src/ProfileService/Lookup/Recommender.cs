using System.Buffers;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Finds the items that fit a user best, among those that the package or the catalogue knows.</summary>
internal sealed class Recommender(IWindowStore windows, ItemCatalogue catalogue, UnseenItems unseen, FeedbackReader feedback)
{
    private const float TurnedDown = 1; // more than the scores of two items differ by, so that what was turned down comes last

    /// <param name="excludeSeen">Whether to leave out items that are in the user's window.</param>
    /// <param name="filter">Null admits every item.</param>
    public async Task<IReadOnlyList<RecommendedItem>> TopAsync(
        Profile profile, ActiveModel model, int count, bool excludeSeen, CategoryFilter? filter, CancellationToken cancellationToken)
    {
        var events = await ReadAsync(profile.UserId, isNeeded: excludeSeen, cancellationToken);
        return VectorBytes.AreZero(profile.Vector)
            ? [] // the model knows nothing of the user, so that one item is as good as any other
            : Top(VectorBytes.ToFloats(profile.Vector), events, model, count, excludeSeen, filter);
    }

    /// <summary>The window's events; none if the store is unavailable and the items need not be left out.</summary>
    private async Task<IReadOnlyList<WindowEvent>> ReadAsync(string userId, bool isNeeded, CancellationToken cancellationToken)
    {
        try
        {
            return (await windows.FindAsync(userId, cancellationToken))?.Window.Events ?? [];
        }
        catch (Exception e) when (!isNeeded && StoreFailure.Is(e))
        {
            return [];
        }
    }

    private IReadOnlyList<RecommendedItem> Top(
        float[] profile, IReadOnlyList<WindowEvent> events, ActiveModel model, int count, bool excludeSeen, CategoryFilter? filter)
    {
        var items = model.Items!;
        var rented = ArrayPool<float>.Shared.Rent(items.Vectors.Rows);
        try
        {
            var scores = rented.AsSpan(0, items.Vectors.Rows);
            var all = feedback.Read(events);
            var read = all.Skip(all.Count - model.Manifest.MaxEvents).ToList();
            items.Score(profile, read, ItemFeedback.Of(read), scores);
            PutLast(TurnedDownCategories.Of(events, ItemFeedback.Of(all), catalogue), items.Vectors, scores);
            HashSet<string> seen = excludeSeen ? [.. all.Select(e => e.ItemId)] : [];
            bool Admits(string id) => !seen.Contains(id) && filter?.Admits(id) != false;
            var known = items.Vectors.Top(scores, count, row => Admits(items.Vectors.IdOf(row)));
            var top = InOrder([.. known, .. unseen.Top(items.Vectors, scores, count, Admits)]).Take(count);
            var liking = UserLiking.Of(all, items);
            return [.. top.Select(item => RecommendedItem.From(item, catalogue.Find(item.ItemId), liking?.Of(item.ItemId)))];
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static IEnumerable<ScoredItem> InOrder(IEnumerable<ScoredItem> items) =>
        items.OrderByDescending(i => i.Score).ThenBy(i => i.ItemId, StringComparer.Ordinal);

    private void PutLast(TurnedDownCategories? turnedDown, ItemVectors items, Span<float> scores)
    {
        if (turnedDown is null)
            return;
        for (var row = 0; row < scores.Length; row++)
        {
            if (items.IsItem(row) && catalogue.Find(items.IdOf(row)) is { } item && turnedDown.Contain(item.Categories))
                scores[row] -= TurnedDown;
        }
    }
}
