using System.Numerics.Tensors;
using ProfileService.Attributes;
using ProfileService.Dimensions;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Lookup;

/// <summary>
/// Explains profiles. Runs the active model with the whole window, and once more without each of the events with the most attention.
/// </summary>
internal sealed class Explainer(
    IWindowStore windows,
    AttributeStore attributes,
    ModelSlot models,
    ModelRegistry registry,
    DimensionReader dimensions,
    ItemCatalogue items)
{
    public const int MostLeftOut = 5;

    /// <summary>Explains the profile of a user; returns null if the user is unknown.</summary>
    /// <exception cref="OtherModelException">The package of this process is not active.</exception>
    public async Task<Explanation?> ExplainAsync(string userId, CancellationToken cancellationToken)
    {
        registry.ThrowUnlessActive();
        if (!EntityId.IsValid(userId) || await windows.FindAsync(userId, cancellationToken) is not { } found)
            return null;
        var known = await attributes.FindAsync(userId, cancellationToken);
        return Explain(models.Current, found, known?.ToTexts() ?? []);
    }

    private Explanation Explain(ActiveModel model, StoredWindow found, Dictionary<string, string> attributeTexts)
    {
        using var outputs = Run(model, [found.Window], attributeTexts, withHeads: true);
        var events = dimensions.Read([(WindowCodec.Encode(found.Window), found.Window.Events.Count)], outputs)[0];
        return new Explanation(
            found.Window.UserId,
            model.Manifest.Id,
            found.Revision,
            [.. found.Window.Events.Select((e, i) => Explained(e, events[i], outputs.HeadsOf(0, i - events.Length)))],
            Explained(events),
            LeftOut(model, found.Window, attributeTexts, events, outputs.Vector(0).ToArray()));
    }

    private ModelOutputs Run(
        ActiveModel model, IReadOnlyList<Window> windows, Dictionary<string, string> attributeTexts, bool withHeads = false)
    {
        var longest = Math.Max(1, windows.Max(model.Encoder.LengthOf));
        using var batch = model.Encoder.NewBatch(windows.Count, longest);
        for (var row = 0; row < windows.Count; row++)
            model.Encoder.Encode(windows[row], attributeTexts, batch, row, items.Facts);
        return model.Run(batch, withHeads);
    }

    private List<LeftOutEvent> LeftOut(
        ActiveModel model, Window window, Dictionary<string, string> attributeTexts, DimensionEvent[] events, float[] vector)
    {
        var heaviest = Enumerable.Range(0, events.Length)
            .Where(i => events[i].Attention > 0)
            .OrderByDescending(i => events[i].Attention)
            .Take(MostLeftOut)
            .ToList();
        if (heaviest.Count == 0)
            return [];
        var without = heaviest.ConvertAll(i => new Window(window.UserId, [.. window.Events.Where((_, j) => j != i)]));
        using var outputs = Run(model, without, attributeTexts);
        return [.. heaviest
            .Select((i, row) => new LeftOutEvent(window.Events[i].EventId, ChangeOf(vector, outputs.Vector(row))))
            .OrderByDescending(l => l.Change)];
    }

    // A vector is zero if the model knows none of the events. Its cosine is undefined, and the change counts as 1.
    private static double ChangeOf(float[] with, ReadOnlySpan<float> without) =>
        TensorPrimitives.Norm(without) > 0 && TensorPrimitives.Norm<float>(with) > 0
            ? Math.Max(0, Math.Round(1.0 - TensorPrimitives.CosineSimilarity(with, without), 6))
            : 1;

    private static ExplainedEvent Explained(WindowEvent e, in DimensionEvent read, IReadOnlyList<double>? heads) => new(
        e.EventId, e.Kind, e.ItemId, EventTime.ToUtc(e.Timestamp), e.Categories, e.Value,
        read.Sentiment is { } score ? Math.Round((double)score, 4) : null,
        Math.Round((double)read.Attention, 6),
        heads);

    private static ExplainedDimensions Explained(DimensionEvent[] events) => new(
        [.. (Interest.Of(events) ?? []).Select(interest => Explained(interest, events))],
        Sessions.Last(events).Length,
        PriceLevel.Of(events)?.Events ?? 0,
        TextSentiment.Of(events)?.Texts ?? 0);

    private static ExplainedInterest Explained(Interest interest, DimensionEvent[] events)
    {
        var own = events.Where(e => e.Categories?.Contains(interest.Category) == true).ToList();
        var attention = own.Sum(e => (double)e.Attention);
        return new ExplainedInterest(interest.Category, interest.Share, interest.Against, own.Count, Math.Round(attention, 6));
    }
}
