using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ProfileService.Items;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>
/// The items that can be recommended, as the catalogue was at one time. An item of the package has the row of its vector. Behind these rows
/// are the catalogue's items that the package never saw, if the package's items have a category of theirs: such an item fits a user as the
/// items of its categories do on average.
/// </summary>
internal sealed class ItemIndex
{
    private static readonly ItemRows NoRows = new();

    private readonly ItemVectors _vectors;
    private readonly CatalogueItem?[] _known; // by row of the package; null if the catalogue does not know the item
    private readonly List<(CatalogueItem Item, ItemRows[] Categories)> _unseen = []; // the rows behind; categories that the package has
    private readonly Dictionary<string, int> _unseenRows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ItemRows> _categories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ItemRows> _labels = new(StringComparer.Ordinal);
    private readonly List<double> _prices; // by row; NaN if the item has none
    private readonly AvailableRows _available;
    private readonly TimeProvider _time;

    private ItemIndex(ItemVectors vectors, ItemCatalogue catalogue, TimeProvider time)
    {
        (_vectors, _known, _time) = (vectors, new CatalogueItem?[vectors.Rows], time);
        _prices = [.. Enumerable.Repeat(double.NaN, vectors.Rows)];
        var others = new List<CatalogueItem>();
        foreach (var item in catalogue.All)
        {
            if (vectors.RowOf(item.ItemId) is { } row)
                Keep(_known[row] = item, row);
            else
                others.Add(item);
        }

        foreach (var item in others)
            KeepUnseen(item);
        _available = FindAvailable(catalogue.Deleted);
    }

    /// <summary>Those of the package and those behind them, including the rows that belong to no item.</summary>
    public int Rows => _known.Length + _unseen.Count;

    public static ItemIndex Of(ItemVectors vectors, ItemCatalogue catalogue, TimeProvider time) => new(vectors, catalogue, time);

    /// <summary>[Rows]; NaN if the item has none.</summary>
    public ReadOnlySpan<double> Prices => CollectionsMarshal.AsSpan(_prices);

    /// <summary>A new set of the rows that belong to items that are available now.</summary>
    public RowSet Available() => _available.At(_time.GetUtcNow());

    public ItemRows OfCategory(string category) => _categories.GetValueOrDefault(category, NoRows);

    public ItemRows OfLabel(string label) => _labels.GetValueOrDefault(label, NoRows);

    /// <summary>Row of an item; null if neither the package nor a category tells how well it fits.</summary>
    public int? RowOf(string itemId) => _vectors.RowOf(itemId) ?? (_unseenRows.TryGetValue(itemId, out var row) ? row : null);

    public string IdOf(int row) => row < _known.Length ? _vectors.IdOf(row) : _unseen[row - _known.Length].Item.ItemId;

    /// <summary>Orders rows by their items' ids.</summary>
    public int CompareIds(int row, int other) => string.CompareOrdinal(IdOf(row), IdOf(other));

    /// <summary>What the catalogue knows of the item; null if it does not know it.</summary>
    public CatalogueItem? ItemOf(int row) => row < _known.Length ? _known[row] : _unseen[row - _known.Length].Item;

    /// <summary>The item's first category, the most specific one; null if it has none.</summary>
    public string? CategoryOf(int row) => ItemOf(row)?.Categories is [var first, ..] ? first : null;

    /// <summary>The package's rows that the scores of these rows are made of.</summary>
    public HashSet<int> PackageRowsOf(IEnumerable<int> rows)
    {
        var (found, categories) = (new HashSet<int>(), new HashSet<ItemRows>());
        foreach (var row in rows)
        {
            if (row < _known.Length)
                found.Add(row);
            else
                categories.UnionWith(_unseen[row - _known.Length].Categories);
        }

        foreach (var category in categories)
        {
            foreach (var row in category.OfPackage)
                found.Add(row);
        }

        return found;
    }

    /// <summary>Scores the items that the package never saw: the mean of their categories, each the mean of its items.</summary>
    /// <param name="rows">The rows to score, of which those of the package are passed over; null for all.</param>
    /// <param name="scores">[Rows]; those of the package's rows are set.</param>
    public void ScoreUnseen(IEnumerable<int>? rows, Span<float> scores)
    {
        var means = new Dictionary<ItemRows, float>();
        foreach (var row in rows ?? Enumerable.Range(_known.Length, _unseen.Count))
        {
            if (row >= _known.Length)
                scores[row] = ScoreUnseen(_unseen[row - _known.Length].Categories, means, scores);
        }
    }

    private static float ScoreUnseen(ItemRows[] categories, Dictionary<ItemRows, float> means, ReadOnlySpan<float> scores)
    {
        var sum = 0.0;
        foreach (var category in categories)
        {
            if (!means.TryGetValue(category, out var mean))
                means[category] = mean = category.Mean(scores);
            sum += mean;
        }

        return (float)(sum / categories.Length);
    }

    /// <summary>
    /// Writes the item's vector, scaled to unit length; of an item that the package never saw, the mean of its categories. Zeros stay
    /// zeros.
    /// </summary>
    /// <param name="vector">[D]</param>
    public void CopyUnitVector(int row, Span<float> vector)
    {
        vector.Clear();
        if (row < _known.Length)
            _vectors.VectorOf(row).CopyTo(vector);
        foreach (var category in row < _known.Length ? [] : _unseen[row - _known.Length].Categories)
            TensorPrimitives.Add(vector, category.MeanVector(_vectors), vector);
        ScaleToUnit(vector);
    }

    /// <summary>The item's <see cref="CopyUnitVector"/>; null if neither the package nor a category tells it. [D]</summary>
    public float[]? UnitVectorOf(string itemId)
    {
        if (RowOf(itemId) is not { } row)
            return null;
        var vector = new float[_vectors.Dimension];
        CopyUnitVector(row, vector);
        return vector;
    }

    /// <summary>The mean vector of the package's items of a category, scaled to unit length; null if there is none. [D]</summary>
    public float[]? UnitVectorOfCategory(string category)
    {
        if (OfCategory(category) is not { CountOfPackage: > 0 } rows)
            return null;
        float[] vector = [.. rows.MeanVector(_vectors)];
        ScaleToUnit(vector);
        return vector;
    }

    private static void ScaleToUnit(Span<float> vector)
    {
        if (TensorPrimitives.Norm<float>(vector) is > 0 and var norm)
            TensorPrimitives.Divide(vector, norm, vector);
    }

    private AvailableRows FindAvailable(IEnumerable<string> deleted)
    {
        using var rows = new RowSet(Rows);
        foreach (var row in Enumerable.Range(0, Rows).Where(row => row >= _known.Length || _vectors.IsItem(row)))
        {
            if (ItemOf(row)?.Available != false)
                rows.Add(row);
        }

        foreach (var row in deleted.Select(_vectors.RowOf).OfType<int>())
            rows.Remove(row);
        var expiring = Enumerable.Range(0, Rows).Where(row => ItemOf(row)?.ExpiresAt is not null);
        return new AvailableRows(rows, Rows, expiring.Select(row => (ItemOf(row)!.ExpiresAt!.Value, row)));
    }

    private void KeepUnseen(CatalogueItem item)
    {
        ItemRows[] known = [.. item.Categories.Select(OfCategory).Where(category => category.CountOfPackage > 0)];
        if (known.Length == 0)
            return;
        if (!_unseenRows.TryAdd(item.ItemId, Rows))
            return; // put again while the catalogue was read
        _unseen.Add((item, known));
        _prices.Add(double.NaN);
        Keep(item, Rows - 1);
    }

    private void Keep(CatalogueItem item, int row)
    {
        _prices[row] = item.Price ?? double.NaN;
        Add(_categories, item.Categories, row);
        Add(_labels, item.Labels, row);
    }

    private void Add(Dictionary<string, ItemRows> rows, IReadOnlyList<string> names, int row)
    {
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            if (!rows.TryGetValue(name, out var of))
                rows[name] = of = new ItemRows();
            of.Add(row, isOfPackage: row < _known.Length);
        }
    }
}
