namespace ProfileService.Lookup;

/// <summary>Some items to score, which costs less than to score all where they are few.</summary>
internal sealed class ItemSelection
{
    // A row alone costs more than one of a whole scan, which reads the vectors one after the other.
    private const int ShareOfAll = 4;

    private ItemSelection(ItemIndex index, int?[] rows)
    {
        (Index, Rows) = (index, rows);
        Scored = [.. rows.OfType<int>().Distinct()];
        if (index.PackageRowsOf(Scored) is var needed && needed.Count < index.Rows / ShareOfAll)
            OfPackage = [.. needed];
    }

    public ItemIndex Index { get; }

    /// <summary>The rows of the items in their order; null for one without a score.</summary>
    public IReadOnlyList<int?> Rows { get; }

    /// <summary>The rows that are to be scored.</summary>
    public int[] Scored { get; }

    /// <summary>The package's rows that must be scored for that; null for all.</summary>
    public int[]? OfPackage { get; }

    /// <param name="itemIds">Null in the place of one that is not to be scored.</param>
    public static ItemSelection Of(ItemIndex index, IEnumerable<string?> itemIds) =>
        new(index, [.. itemIds.Select(id => id is null ? null : index.RowOf(id))]);

    public static ItemSelection Of(ItemIndex index, IEnumerable<int> rows) => new(index, [.. rows.Select(row => (int?)row)]);
}
