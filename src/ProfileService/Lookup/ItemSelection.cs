namespace ProfileService.Lookup;

/// <summary>Which items to score: all, or some, which costs less where they are few.</summary>
internal sealed class ItemSelection
{
    // A row alone costs more than one of a whole scan, which reads the vectors one after the other.
    private const int ShareOfAll = 4;

    private ItemSelection(ItemIndex index, int?[]? rows)
    {
        (Index, Rows) = (index, rows ?? []);
        Scored = rows?.OfType<int>().Distinct().ToArray();
        if (Scored is not null && index.PackageRowsOf(Scored) is var needed && needed.Count < index.Rows / ShareOfAll)
            OfPackage = [.. needed];
    }

    public ItemIndex Index { get; }

    /// <summary>The rows of the items in their order; null for one without a score. Empty if all items are to be scored.</summary>
    public IReadOnlyList<int?> Rows { get; }

    /// <summary>The rows that are to be scored; null for all.</summary>
    public int[]? Scored { get; }

    /// <summary>The package's rows that must be scored for that; null for all.</summary>
    public int[]? OfPackage { get; }

    public static ItemSelection All(ItemIndex index) => new(index, null);

    /// <param name="itemIds">Null in the place of one that is not to be scored.</param>
    public static ItemSelection Of(ItemIndex index, IEnumerable<string?> itemIds) =>
        new(index, [.. itemIds.Select(id => id is null ? null : index.RowOf(id))]);
}
