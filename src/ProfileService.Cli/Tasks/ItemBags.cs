using MathNet.Numerics.LinearAlgebra;
using ProfileService.Windows;

namespace ProfileService.Cli.Tasks;

/// <summary>Which items each history has, however often: a sparse matrix [B, N] with rows of unit length.</summary>
internal sealed class ItemBags
{
    private readonly int[][] _items; // the numbers of each history's items
    private readonly double[] _weights; // of each cell of a row

    public ItemBags(IEnumerable<Window> histories)
    {
        var number = new Dictionary<string, int>();
        _items = [.. histories.Select(h => h.Events.Select(e => Number(e.ItemId)).Distinct().ToArray())];
        _weights = [.. _items.Select(bag => 1 / Math.Sqrt(bag.Length))];
        Items = number.Count;

        int Number(string item)
        {
            number.TryAdd(item, number.Count);
            return number[item];
        }
    }

    /// <summary>B.</summary>
    public int Count => _items.Length;

    /// <summary>N.</summary>
    public int Items { get; }

    /// <summary>[B, w]: the matrix times [N, w].</summary>
    public Matrix<double> Times(Matrix<double> cells)
    {
        var product = Matrix<double>.Build.Dense(Count, cells.ColumnCount);
        for (var column = 0; column < cells.ColumnCount; column++)
        {
            for (var row = 0; row < Count; row++)
                product[row, column] = _items[row].Sum(item => cells[item, column]) * _weights[row];
        }

        return product;
    }

    /// <summary>[N, w]: the transposed matrix times [B, w].</summary>
    public Matrix<double> TransposedTimes(Matrix<double> cells)
    {
        var product = Matrix<double>.Build.Dense(Items, cells.ColumnCount);
        for (var column = 0; column < cells.ColumnCount; column++)
        {
            for (var row = 0; row < Count; row++)
            {
                foreach (var item in _items[row])
                    product[item, column] += cells[row, column] * _weights[row];
            }
        }

        return product;
    }
}
