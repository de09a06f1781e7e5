using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>The items that users met shortly before or after an item, by the counts of training.</summary>
internal static class NeighbourItems
{
    /// <param name="row">Row of the item, in the package.</param>
    public static IEnumerable<(float Weight, int Row)> Find(
        ItemIndex index, ItemNeighbours neighbours, int row, int count, ItemFilter filter)
    {
        using var rows = filter.RowsOf(index);
        var best = new BestRows(Math.Min(count, index.Rows), index.CompareIds);
        var near = neighbours.Of(row);
        var weights = neighbours.WeightsOf(row);
        for (var i = 0; i < near.Length; i++)
        {
            if (rows.Contains(near[i]))
                best.Offer(near[i], weights.Slice(i, 1));
        }

        return best.Sorted();
    }
}
