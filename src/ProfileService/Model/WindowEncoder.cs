using ProfileService.Windows;

namespace ProfileService.Model;

/// <summary>Windows to the graph's inputs, by a package's manifest. Immutable; used by many threads.</summary>
internal sealed class WindowEncoder
{
    private readonly IndexEncoding _items;
    private readonly IndexEncoding _kinds;
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
        _categories = IndexEncoding.Create("categories", inputs.Categories, vocabulary.Categories);
        _gaps = IndexEncoding.Create("gaps", inputs.Gaps, null) switch
        {
            BucketEncoding buckets => buckets,
            NoEncoding => null,
            _ => throw new PackageRefusedException(ModelManifest.FileName, "inputs.gaps: the encoding must be buckets or none."),
        };
        _values = ValueEncoding.Create(inputs.Values);
        _attributes = [.. inputs.Attributes.Select(a => CreateAttribute(a, vocabulary))];
    }

    /// <summary>Longest window that the graph takes.</summary>
    public int MaxEvents { get; }

    /// <summary>Attributes in the schema.</summary>
    public int AttributeCount => _attributes.Length;

    /// <summary>Events of the window that are encoded: the newest <see cref="MaxEvents"/>.</summary>
    public int LengthOf(Window window) => Math.Min(window.Events.Count, MaxEvents);

    /// <summary>Writes the window into one row of the batch, its newest event last; the row is all padding before.</summary>
    public void Encode(Window window, IReadOnlyDictionary<string, string> attributes, ModelInputs batch, int row)
    {
        var length = LengthOf(window);
        var skipped = window.Events.Count - length;
        for (var i = 0; i < length; i++)
        {
            var e = window.Events[skipped + i];
            var at = batch.At(row, batch.Length - length + i);
            batch.Items[at] = _items.IndexOf(e.ItemId);
            batch.Kinds[at] = _kinds.IndexOf(e.Kind);
            batch.Categories[at] = _categories.IndexOf(e.Categories?[0]);
            batch.Gaps[at] = i == 0 ? FirstGap : GapOf(window.Events[skipped + i - 1], e);
            batch.Values[at] = _values.Of(e.Value);
        }

        for (var a = 0; a < _attributes.Length; a++)
        {
            batch.Attributes[row * _attributes.Length + a] =
                attributes.TryGetValue(_attributes[a].Name, out var value) ? _attributes[a].Encoding.IndexOf(value) : IndexEncoding.Padding;
        }
    }

    private long FirstGap => _gaps is null ? IndexEncoding.Padding : IndexEncoding.Unknown;

    private long GapOf(UserEvent earlier, UserEvent later) =>
        _gaps?.IndexOf((later.Timestamp - earlier.Timestamp) / 1e6) ?? IndexEncoding.Padding; // in seconds

    private static (string, IndexEncoding) CreateAttribute(EncodingManifest attribute, Vocabulary vocabulary)
    {
        var name = attribute.Name!; // checked with the manifest
        return (name, IndexEncoding.Create($"attributes.{name}", attribute, vocabulary.Attributes?.GetValueOrDefault(name)));
    }
}
