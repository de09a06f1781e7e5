using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Lookup;

/// <summary>Finds the items that fit a user best, among those that the package or the catalogue knows.</summary>
internal sealed class Recommender(
    IWindowStore windows, ItemCatalogue catalogue, ItemIndexes indexes, FeedbackReader feedback, TimeProvider time)
{
    /// <summary>The window's events; none if the store is unavailable and the events are not needed.</summary>
    public async Task<ReadEvents> ReadAsync(string userId, bool isNeeded, CancellationToken cancellationToken)
    {
        try
        {
            return new((await windows.FindAsync(userId, cancellationToken))?.Window.Events ?? []);
        }
        catch (Exception e) when (!isNeeded && StoreFailure.Is(e))
        {
            return new([], IsStoreAway: true);
        }
    }

    /// <summary>The items that the user ever met; null if the request does not ask for them, or if nothing is remembered.</summary>
    public Task<SeenItems?> ReadSeenAsync(string userId, RecommendationRequest request, CancellationToken cancellationToken) =>
        request.LeavesOutAllSeen() ? windows.FindSeenAsync(userId, cancellationToken) : Task.FromResult<SeenItems?>(null);

    /// <param name="profile">[D]. Of zeros the model knows nothing, so that one item is as good as any other: there are none.</param>
    /// <param name="events">Events of the window.</param>
    /// <param name="seen">The items to leave out.</param>
    /// <param name="from">Where the page begins.</param>
    /// <param name="owner">Whose list it is, for the cursor of the next page.</param>
    /// <param name="withReasons">Whether each item says why it is recommended.</param>
    public RecommendedItems Top(
        float[] profile,
        IReadOnlyList<WindowEvent> events,
        ActiveModel model,
        RecommendationRequest request,
        SeenByUser seen,
        PagePosition from,
        string owner,
        bool withReasons = false)
    {
        if (!profile.AsSpan().ContainsAnyExcept(0f))
            return RecommendedItems.None;
        var said = feedback.Read(events);
        var scorer = ScorerOf(profile, events, said, model, indexes.Of(model.Items!.Vectors));
        using var rows = request.FilterOrNone().RowsOf(scorer.Index);
        seen.RemoveFrom(rows, scorer.Index);
        using var best = new BestItems(scorer, rows, seen.AdmitsOf(scorer.Index));
        var (picked, next) = new RecommendationPage(best, scorer, request).Find(from);
        var reasons = withReasons ? new RecommendationReasons(scorer.Index, scorer.Dimension, ItemFeedback.Of(said)) : null;
        return new RecommendedItems(
            [.. picked.Select(item => scorer.ItemOf(item.Row, item.Score) with { Reason = reasons?.Of(item.Row) })],
            next is { } position ? RecommendationCursor.Text(position, model.Stamp, owner, request) : null);
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
        var selection = Select(itemIds.Distinct(StringComparer.Ordinal), model);
        var scorer = ScorerOf(profile, events, feedback.Read(events), model, selection.Index);
        using var scores = scorer.Score(selection);
        var found = new List<RecommendedItem>(selection.Rows.Count);
        foreach (var row in selection.Rows.OfType<int>())
            found.Add(scorer.ItemOf(row, scores.Scores[row]));
        return [.. found.OrderByDescending(item => item.Score)];
    }

    /// <summary>Which of the caller's items have no score, whoever the user is.</summary>
    public IReadOnlyList<string> Unknown(IReadOnlyList<string> itemIds, ActiveModel model)
    {
        var index = indexes.Of(model.Items!.Vectors);
        return [.. itemIds.Where(id => index.RowOf(id) is null).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The items of a ranking for one user or many, by the catalogue as it is now.</summary>
    /// <param name="itemIds">Null in the place of one that is not to be scored.</param>
    public ItemSelection Select(IEnumerable<string?> itemIds, ActiveModel model) =>
        ItemSelection.Of(indexes.Of(model.Items!.Vectors), itemIds);

    /// <summary>Writes the scores of selected items in their order; NaN where none is known.</summary>
    /// <param name="said">What the events say, in their order.</param>
    public void Score(
        float[] profile,
        IReadOnlyList<WindowEvent> events,
        IReadOnlyList<EventFeedback> said,
        ActiveModel model,
        ItemSelection selection,
        Span<float> target)
    {
        using var scores = ScorerOf(profile, events, said, model, selection.Index).Score(selection);
        for (var i = 0; i < selection.Rows.Count; i++)
            target[i] = selection.Rows[i] is { } row ? scores.Scores[row] : float.NaN;
    }

    private UserScorer ScorerOf(
        float[] profile, IReadOnlyList<WindowEvent> events, IReadOnlyList<EventFeedback> said, ActiveModel model, ItemIndex index) =>
        new(profile, events, said, model.Items!, model.Manifest.MaxEvents, index, catalogue);
}

/// <summary>The events of a user's window.</summary>
/// <param name="IsStoreAway">Whether they could not be read. What is computed without them is stale.</param>
internal readonly record struct ReadEvents(IReadOnlyList<WindowEvent> Events, bool IsStoreAway = false);

/// <summary>A page of a user's list.</summary>
/// <param name="After">The cursor of the next page; null if there is none.</param>
internal sealed record RecommendedItems(IReadOnlyList<RecommendedItem> Items, string? After)
{
    public static RecommendedItems None { get; } = new([], null);
}
