using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Model;

/// <summary>Windows to the graph's inputs, by a package's manifest. Immutable; used by many threads.</summary>
internal sealed class WindowEncoder
{
    private readonly IndexEncoding _items;
    private readonly IndexEncoding _kinds;
    private readonly long[] _knownKinds; // index of each of EventKinds
    private readonly IndexEncoding _categories;
    private readonly BucketEncoding? _gaps; // null where the model does not use them
    private readonly ValueEncoding _values;
    private readonly (string Name, IndexEncoding Encoding)[] _attributes;

    /// <exception cref="PackageRefusedException">An encoding cannot be built.</exception>
    public WindowEncoder(ModelManifest manifest, Vocabulary vocabulary)
    {
        var inputs = manifest.Inputs;
        MaxEvents = manifest.MaxEvents;
        _items = IndexEncoding.Create("items", inputs.Items, vocabulary.Items);
        _kinds = IndexEncoding.Create("kinds", inputs.Kinds, null);
        _knownKinds = [.. EventKinds.Known.Select(_kinds.IndexOf)];
        _categories = IndexEncoding.Create("categories", inputs.Categories, vocabulary.Categories);
        _gaps = IndexEncoding.Create("gaps", inputs.Gaps, null) switch
        {
            BucketEncoding buckets => buckets,
            NoEncoding => null,
            _ => throw new PackageRefusedException(ModelManifest.FileName, "inputs.gaps: the encoding must be buckets or none."),
        };
        _values = ValueEncoding.Create(inputs.Values);
        _attributes = [.. inputs.Attributes.Select(a => CreateAttribute(a, vocabulary))];
        ContentDimension = inputs.Content?.Dimension ?? 0;
    }

    /// <summary>Longest window that the graph takes.</summary>
    public int MaxEvents { get; }

    /// <summary>Attributes in the schema.</summary>
    public int AttributeCount => _attributes.Length;

    /// <summary>Numbers of an item's content vector; 0 where the model takes none.</summary>
    public int ContentDimension { get; }

    /// <summary>Room for a batch of so many windows of up to so many events.</summary>
    public ModelInputs NewBatch(int users, int length) => new(users, length, AttributeCount, ContentDimension);

    /// <summary>How many of a window's events are encoded: the newest <see cref="MaxEvents"/>.</summary>
    public int LengthOf(int events) => Math.Min(events, MaxEvents);

    public int LengthOf(Window window) => LengthOf(window.Events.Count);

    /// <summary>Writes the window into one row of the batch, its newest event last; the row is all padding before.</summary>
    /// <param name="items">Where events without categories find those of their items, and all find content vectors; null for nowhere.</param>
    public void Encode(Window window, IReadOnlyDictionary<string, string> attributes, ModelInputs batch, int row, ItemLookup? items = null) =>
        Encode(WindowCodec.Encode(window), window.Events.Count, attributes, batch, row, items);

    /// <summary>As a window's bytes, of which it is known how many events they hold; returns the newest one's timestamp, 0 where there is none.</summary>
    /// <exception cref="InvalidDataException">The bytes are no window.</exception>
    public long Encode(ReadOnlySpan<byte> window, int events, IReadOnlyDictionary<string, string> attributes, ModelInputs batch, int row, ItemLookup? items = null)
    {
        var newest = EncodeEvents(window, events, batch, row, items);
        for (var a = 0; a < _attributes.Length; a++)
        {
            batch.Attributes.Span[row * _attributes.Length + a] =
                attributes.TryGetValue(_attributes[a].Name, out var value) ? _attributes[a].Encoding.IndexOf(value) : IndexEncoding.Padding;
        }

        return newest;
    }

    /// <summary>How many of the schema's attributes a row has a known value of.</summary>
    public int CountRead(ModelInputs batch, int row)
    {
        var read = 0;
        foreach (var index in batch.Attributes.Span.Slice(row * _attributes.Length, _attributes.Length))
            read += index > IndexEncoding.Unknown ? 1 : 0;
        return read;
    }

    private long EncodeEvents(ReadOnlySpan<byte> window, int events, ModelInputs batch, int row, ItemLookup? lookup)
    {
        var length = LengthOf(events);
        var begin = ((row + 1) * batch.Length) - length;
        var items = batch.Items.Span.Slice(begin, length);
        var kinds = batch.Kinds.Span.Slice(begin, length);
        var categories = batch.Categories.Span.Slice(begin, length);
        var gaps = batch.Gaps.Span.Slice(begin, length);
        var values = batch.Values.Span.Slice(begin, length);

        var reader = new EventReader(window);
        reader.Skip(events - length);
        var earlier = 0L;
        for (var i = 0; i < length; i++)
        {
            reader.Read();
            items[i] = _items.IndexOf(reader.Item);
            kinds[i] = reader.KnownKind >= 0 ? _knownKinds[reader.KnownKind] : _kinds.IndexOf(reader.NamedKind);
            var facts = lookup is not null && (ContentDimension > 0 || !reader.HasCategory) ? lookup(reader.Item) : null;
            categories[i] = reader.HasCategory ? _categories.IndexOf(reader.Category)
                : facts?.Category is { } category ? _categories.IndexOf(category)
                : _categories.Missing;
            if (facts?.Content is { } content && content.Length == ContentDimension && ContentDimension > 0)
                content.CopyTo(batch.Content.Span[((begin + i) * ContentDimension)..]);
            gaps[i] = _gaps is null ? IndexEncoding.Padding
                : i == 0 ? IndexEncoding.Unknown
                : _gaps.IndexOf((reader.Timestamp - earlier) / 1e6); // in seconds
            values[i] = _values.Of(reader.Value);
            earlier = reader.Timestamp;
        }

        return earlier;
    }

    private static (string, IndexEncoding) CreateAttribute(EncodingManifest attribute, Vocabulary vocabulary)
    {
        var name = attribute.Name!; // checked with the manifest
        return (name, IndexEncoding.Create($"attributes.{name}", attribute, vocabulary.Attributes?.GetValueOrDefault(name)));
    }
}
