using System.Text;
using Microsoft.Extensions.Options;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Sentiment;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Dimensions;

/// <summary>Reads the data that dimensions are computed from out of the bytes of windows.</summary>
internal sealed class DimensionReader(ItemCatalogue items, SentimentScorer sentiment, IOptions<RatingOptions> scale)
{
    private readonly InternedNames _names = new();

    /// <summary>The events of each window. The caller disposes of them.</summary>
    /// <param name="windows">The bytes of each window, and the number of its events.</param>
    /// <param name="outputs">The model's outputs for the windows, row by row.</param>
    public DimensionEvents Read(IReadOnlyList<(byte[] Window, int Events)> windows, ModelOutputs outputs)
    {
        var read = new DimensionEvents(windows.Select(window => window.Events));
        var unscored = new List<(int Index, string Text)>();
        var bought = new HashSet<ulong>();
        for (var row = 0; row < windows.Count; row++)
            ReadWindow(windows[row].Window, outputs.AttentionOf(row), read, row, bought, unscored);
        if (unscored.Count > 0)
            Score(unscored, read.All);
        Weigh(read.All);
        return read;
    }

    /// <param name="bought">Room for the hashes of the items that the user bought.</param>
    /// <param name="unscored">Takes the texts whose score is not known yet.</param>
    private void ReadWindow(
        byte[] window,
        ReadOnlySpan<float> attention,
        DimensionEvents read,
        int row,
        HashSet<ulong> bought,
        List<(int Index, string Text)> unscored)
    {
        var reader = new EventReader(window);
        var events = read.Of(row);
        bought.Clear();
        for (var i = 0; i < events.Length; i++)
        {
            reader.Read();
            var index = attention.Length - events.Length + i;
            events[i] = Of(reader, index >= 0 ? attention[index] : 0, bought); // a model may read fewer events than a window contains
            if (!sentiment.IsOn || !SentimentScorer.HasSentiment(events[i].Kind))
                continue;
            if (reader.Removed is { } removed)
                events[i] = events[i] with { Sentiment = removed.Score };
            else if (!reader.HasText)
                continue;
            else if (sentiment.TryRecall(reader.Text, out var score))
                events[i] = events[i] with { Sentiment = score };
            else
                unscored.Add((read.StartOf(row) + i, Encoding.UTF8.GetString(reader.Text)));
        }
    }

    private void Score(List<(int Index, string Text)> unscored, Span<DimensionEvent> events)
    {
        foreach (var ((index, _), score) in unscored.Zip(sentiment.Score(unscored.ConvertAll(u => u.Text))))
            events[index] = events[index] with { Sentiment = score };
    }

    private DimensionEvent Of(in EventReader e, float attention, HashSet<ulong> bought)
    {
        var kind = e.KnownKind >= 0 ? EventKinds.Known[e.KnownKind] : _names.NameOf(e.NamedKind);
        var isOfBought = bought.Count > 0 && bought.Contains(StableHash.Of(e.Item));
        if (kind == EventKinds.Purchase && !isOfBought)
            bought.Add(StableHash.Of(e.Item));
        var categories = e.HasCategory ? _names.CategoriesOf(e) : items.CategoriesOf(e.Item);
        return new DimensionEvent(kind, e.Timestamp, categories, e.Value, attention, IsOfBought: isOfBought);
    }

    private void Weigh(Span<DimensionEvent> events)
    {
        foreach (ref var e in events)
            e = e with { Weight = Feedback.Of(e.Kind, e.Value, e.Sentiment, scale.Value) };
    }
}
