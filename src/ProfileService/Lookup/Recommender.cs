using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Finds the items that fit a user best, among those that the package or the catalogue knows.</summary>
internal sealed class Recommender(
    IWindowStore windows, ItemCatalogue catalogue, ItemIndexes indexes, FeedbackReader feedback, TimeProvider time)
{
    private const float TurnedDown = 1; // more than the scores of two items differ by, so that what was turned down comes last

    /// <summary>The window's events; none if the store is unavailable and the events are not needed.</summary>
    public async Task<IReadOnlyList<WindowEvent>> ReadAsync(string userId, bool isNeeded, CancellationToken cancellationToken)
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

    /// <param name="profile">[D]. Of zeros the model knows nothing, so that one item is as good as any other: there are none.</param>
    /// <param name="events">Of the window.</param>
    /// <param name="withReasons">Whether each item says why it is recommended.</param>
    public IReadOnlyList<RecommendedItem> Top(
        float[] profile, IReadOnlyList<WindowEvent> events, ActiveModel model, RecommendationRequest request, bool withReasons = false)
    {
        if (!profile.AsSpan().ContainsAnyExcept(0f))
            return [];
        var said = feedback.Read(events);
        using var scores = Score(profile, events, said, model);
        using var rows = request.FilterOrNone().RowsOf(scores.Index);
        foreach (var seen in request.SeenOf(events).Select(scores.Index.RowOf).OfType<int>())
            rows.Remove(seen);
        var picked = Pick(scores, rows, model.Manifest.Dimension, request);
        if (!withReasons)
            return [.. picked.Select(item => scores.ItemOf(item.Row))];
        var reasons = new RecommendationReasons(scores.Index, model.Manifest.Dimension, ItemFeedback.Of(said));
        return [.. picked.Select(item => scores.ItemOf(item.Row) with { Reason = reasons.Of(item.Row) })];
    }

    /// <summary>Which of the caller's items are not available.</summary>
    public IReadOnlyList<string> Unavailable(IReadOnlyList<string> itemIds)
    {
        var now = time.GetUtcNow();
        return [.. itemIds.Where(id => !catalogue.IsAvailable(id, now, out _)).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Orders the caller's items by score; those of equal scores keep the order of the request.</summary>
    /// <returns>The items that a score is known of, the best first.</returns>
    public IReadOnlyList<RecommendedItem> Rank(
        float[] profile, IReadOnlyList<WindowEvent> events, ActiveModel model, IReadOnlyList<string> itemIds)
    {
        using var scores = Score(profile, events, feedback.Read(events), model);
        return
        [
            .. itemIds.Distinct(StringComparer.Ordinal).Select(scores.Index.RowOf).OfType<int>()
                .Select(scores.ItemOf).OrderByDescending(item => item.Score),
        ];
    }

    private static IReadOnlyList<(float Score, int Row)> Pick(UserScores scores, RowSet rows, int dimension, RecommendationRequest request)
    {
        var count = request.Diversity > 0 ? DiverseItems.Candidates(request.Count) : request.Count;
        var best = request.MaxPerCategory is { } most
            ? BestItems.Find(scores, rows, count, most)
            : BestItems.Find(scores, rows, count);
        return request.Diversity > 0 && best.Length > 0
            ? DiverseItems.Pick(best, scores.Index, dimension, request.Count, request.Diversity)
            : best;
    }

    /// <param name="all">What the events say, in their order.</param>
    private UserScores Score(
        float[] profile, IReadOnlyList<WindowEvent> events, IReadOnlyList<EventFeedback> all, ActiveModel model)
    {
        var items = model.Items!;
        var read = all.Skip(all.Count - model.Manifest.MaxEvents).ToList();
        var scores = new UserScores(indexes.Of(items.Vectors), UserLiking.Of(all, items));
        var ofPackage = scores.Scores[..items.Vectors.Rows];
        items.Score(profile, read, ItemFeedback.Of(read), ofPackage);
        PutLast(TurnedDownCategories.Of(events, ItemFeedback.Of(all), catalogue), scores.Index, ofPackage);
        scores.Index.ScoreUnseen(scores.Scores);
        return scores;
    }

    private static void PutLast(TurnedDownCategories? turnedDown, ItemIndex index, Span<float> scores)
    {
        for (var row = 0; turnedDown is not null && row < scores.Length; row++)
        {
            if (index.ItemOf(row) is { } item && turnedDown.Contain(item.Categories))
                scores[row] -= TurnedDown;
        }
    }
}
