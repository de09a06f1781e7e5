using System.Collections.Concurrent;
using System.Text;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Sentiment;
using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Dimensions;

/// <summary>Reads the data that dimensions are computed from out of the bytes of windows.</summary>
internal sealed class DimensionReader(ItemCatalogue items, SentimentScorer sentiment)
{
    private const int MaxNames = 100_000; // interned names of categories and kinds; a shop has fewer
    private const int StackChars = 256;

    // Interned, so that a repeated name is one string.
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The events of each window, oldest first.</summary>
    /// <param name="windows">The bytes of each window, and the number of its events.</param>
    /// <param name="outputs">The model's outputs for the windows, row by row.</param>
    public DimensionEvent[][] Read(IReadOnlyList<(byte[] Window, int Events)> windows, ModelOutputs outputs)
    {
        var read = new DimensionEvent[windows.Count][];
        var (texts, positions) = (new List<string>(), new List<(int Row, int Event)>());
        for (var row = 0; row < read.Length; row++)
        {
            read[row] = new DimensionEvent[windows[row].Events];
            var reader = new EventReader(windows[row].Window);
            var attention = outputs.AttentionOf(row);
            for (var i = 0; i < read[row].Length; i++)
            {
                reader.Read();
                var index = attention.Length - read[row].Length + i;
                read[row][i] = Of(reader, index >= 0 ? attention[index] : 0); // a model may read fewer events than a window contains
                if (!reader.HasText || !sentiment.IsOn || read[row][i].Kind == "search") // a search query has no sentiment
                    continue;
                if (sentiment.TryRecall(reader.Text, out var score))
                {
                    read[row][i] = read[row][i] with { Sentiment = score };
                    continue;
                }

                texts.Add(Encoding.UTF8.GetString(reader.Text));
                positions.Add((row, i));
            }
        }

        foreach (var ((row, i), score) in positions.Zip(texts.Count > 0 ? sentiment.Score(texts) : []))
            read[row][i] = read[row][i] with { Sentiment = score };
        return read;
    }

    private DimensionEvent Of(in EventReader e, float attention) => new(
        e.KnownKind >= 0 ? EventKinds.Known[e.KnownKind] : NameOf(e.NamedKind),
        e.Timestamp,
        e.HasCategory ? NameOf(e.Category) : items.Facts(e.Item)?.Category is { } category ? NameOf(category) : null,
        e.Value,
        attention);

    private string NameOf(ReadOnlySpan<byte> utf8)
    {
        // A text never has more characters than bytes.
        Span<char> buffer = utf8.Length <= StackChars ? stackalloc char[StackChars] : new char[utf8.Length];
        var name = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        if (_names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var known))
            return known;
        var added = name.ToString();
        return _names.Count < MaxNames ? _names.GetOrAdd(added, added) : added;
    }
}
