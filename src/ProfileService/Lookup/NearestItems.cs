using System.Buffers;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>Exact search for the items of a package whose vectors have the greatest cosine with an item's vector.</summary>
internal static class NearestItems
{
    /// <param name="row">Row of the item, in the index.</param>
    public static IReadOnlyList<(float Cosine, int Row)> Find(ItemIndex index, ItemVectors vectors, int row, int count, ItemFilter filter)
    {
        var rented = ArrayPool<float>.Shared.Rent(index.Rows + vectors.Dimension);
        try
        {
            var cosines = rented.AsSpan(0, index.Rows);
            var vector = rented.AsSpan(index.Rows, vectors.Dimension);
            index.CopyUnitVector(row, vector);
            if (!vector.ContainsAnyExcept(0f))
                return [];
            cosines.Fill(float.NaN); // of an item without a vector, which is like nothing
            RowScan.Score(vectors.Vectors, vector, cosines[..vectors.Rows]);
            for (var other = 0; other < vectors.Rows; other++)
                cosines[other] /= vectors.NormOf(other);
            using var rows = filter.RowsOf(index);
            var list = new Shortlist(count, margin: 0, PagePosition.Start.Score);
            list.Offer(rows, cosines);
            var best = new BestRows(Math.Min(count, index.Rows), index.CompareIds);
            foreach (var near in list.Rows)
                best.Offer(near, cosines.Slice(near, 1));
            return best.Sorted();
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }
}
