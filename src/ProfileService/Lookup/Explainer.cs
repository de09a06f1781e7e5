using ProfileService.Attributes;
using ProfileService.Dimensions;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Lookup;

/// <summary>
/// Explains profiles. Runs the active model with the whole window, and again without each of its events and attributes.
/// </summary>
internal sealed class Explainer(
    IWindowStore windows,
    AttributeStore attributes,
    ModelSlot models,
    ModelRegistry registry,
    DimensionReader dimensions,
    ItemCatalogue items)
{
    public const int MaxLeftOut = 5; // events that are named as the reason

    /// <summary>Explains the profile of a user; returns null if the user is unknown.</summary>
    /// <exception cref="OtherModelException">The package of this process is not active.</exception>
    public async Task<Explanation?> ExplainAsync(string userId, CancellationToken cancellationToken)
    {
        registry.ThrowUnlessActive();
        if (!EntityId.IsValid(userId) || await windows.FindAsync(userId, cancellationToken) is not { } found)
            return null;
        var known = await attributes.FindAsync(userId, cancellationToken);
        return Explain(models.Current, found, known?.ToTexts() ?? [], cancellationToken);
    }

    private Explanation Explain(
        ActiveModel model, StoredWindow found, Dictionary<string, string> attributeTexts, CancellationToken cancellationToken)
    {
        var window = found.Window;
        using var outputs = Run(model, window, attributeTexts);
        outputs.ThrowUnlessFinite(0, window.Events.Count);
        using var read = dimensions.Read([(WindowCodec.Encode(window), window.Events.Count)], outputs);
        var events = read.Of(0).ToArray();
        var vector = outputs.Vector(0).ToArray();
        var changes = new LeaveOneOut(model, items.Facts).Of(window, attributeTexts, vector, cancellationToken);
        return new Explanation(
            window.UserId,
            model.Manifest.Id,
            found.Revision,
            [.. window.Events.Select((e, i) => Explained(e, events[i], changes.OfEvents[i], outputs.HeadsOf(0, i - events.Length)))],
            Explained(events),
            changes.GreatestOfEvents(window.Events.Select(e => e.EventId), MaxLeftOut),
            changes.AttributesByChange(),
            SegmentShares.Of(model.Manifest.Segments, vector));
    }

    private ModelOutputs Run(ActiveModel model, Window window, Dictionary<string, string> attributeTexts)
    {
        using var batch = model.Encoder.NewBatch(1, Math.Max(1, model.Encoder.LengthOf(window)));
        model.Encoder.Encode(window, attributeTexts, batch, 0, items.Facts);
        return model.Run(batch, withHeads: true);
    }

    private static ExplainedEvent Explained(
        WindowEvent e, in DimensionEvent read, VectorChange? change, IReadOnlyList<double>? heads) => new(
        e.EventId, e.Kind, e.ItemId, EventTime.ToUtc(e.Timestamp), e.Categories, e.Value,
        read.Sentiment is { } score ? Math.Round((double)score, 4) : null,
        Math.Round((double)read.Attention, 6),
        change?.Distance,
        change?.Segments,
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
