using ProfileService.Windows;
using ProfileService.Windows.Codec;

namespace ProfileService.Model;

/// <summary>Encodes windows as the graph's inputs, as a package's manifest declares. Immutable and thread-safe.</summary>
internal sealed class WindowEncoder
{
    private readonly IndexEncoding _items;
    private readonly IndexEncoding _kinds;
    private readonly long[] _knownKinds; // index of each kind in EventKinds.Known
    private readonly IndexEncoding _categories;
    private readonly BucketEncoding? _gaps; // null if the model does not use them
    private readonly ValueEncoding _values;
    private readonly TimeEncoding? _time; // null if the model does not use it
    private readonly (string Name, IndexEncoding Encoding)[] _attributes;

    /// <exception cref="PackageRefusedException">An encoding is invalid.</exception>
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
        _time = TimeEncoding.Create(inputs.Time);
    }

    /// <summary>Maximum number of events of a window that are encoded.</summary>
    public int MaxEvents { get; }

    /// <summary>Number of attributes in the schema.</summary>
    public int AttributeCount => _attributes.Length;

    /// <summary>Length of an item's content vector; 0 if the model does not use content vectors.</summary>
    public int ContentDimension { get; }

    /// <summary>Creates an empty batch.</summary>
    /// <param name="users">Number of windows.</param>
    /// <param name="length">Maximum number of events of a window.</param>
    public ModelInputs NewBatch(int users, int length) => new(users, length, AttributeCount, ContentDimension, _time is not null);

    /// <summary>Number of a window's events that are encoded: the newest <see cref="MaxEvents"/>.</summary>
    public int LengthOf(int events) => Math.Min(events, MaxEvents);

    public int LengthOf(Window window) => LengthOf(window.Events.Count);

    /// <summary>Writes the window to one row of the batch, its newest event last. The rest of the row stays padding.</summary>
    /// <param name="items">Source of categories for events without one, and of content vectors; null for none.</param>
    public void Encode(
        Window window, IReadOnlyDictionary<string, string> attributes, ModelInputs batch, int row, ItemLookup? items = null) =>
        Encode(WindowCodec.Encode(window), window.Events.Count, attributes, batch, row, items);

    /// <summary>
    /// As the overload for a <see cref="Window"/>, for the bytes of a window with a known number of events. Returns the timestamp of the
    /// newest event; 0 if there is none.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are not a window.</exception>
    public long Encode(
        ReadOnlySpan<byte> window,
        int events,
        IReadOnlyDictionary<string, string> attributes,
        ModelInputs batch,
        int row,
        ItemLookup? items = null)
    {
        var newest = EncodeEvents(window, events, batch, row, items);
        if (events > 0)
            _time?.Write(newest, batch.TimeOf(row));
        for (var a = 0; a < _attributes.Length; a++)
        {
            batch.Attributes.Span[row * _attributes.Length + a] =
                attributes.TryGetValue(_attributes[a].Name, out var value) ? _attributes[a].Encoding.IndexOf(value) : IndexEncoding.Padding;
        }

        return newest;
    }

    /// <summary>Number of the schema's attributes for which a row has a known value.</summary>
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
