using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>The rows of all items with one category, or with one label. Those of the package's items come first.</summary>
internal sealed class ItemRows
{
    private readonly List<int> _rows = [];
    private float[]? _mean;

    public ReadOnlySpan<int> All => CollectionsMarshal.AsSpan(_rows);

    public ReadOnlySpan<int> OfPackage => All[..CountOfPackage];

    public int CountOfPackage { get; private set; }

    public void Add(int row, bool isOfPackage)
    {
        _rows.Add(row);
        CountOfPackage += isOfPackage ? 1 : 0;
    }

    /// <summary>The mean of the scores of the package's items, of which there must be one.</summary>
    public float Mean(ReadOnlySpan<float> scores)
    {
        var sum = 0.0;
        foreach (var row in OfPackage)
            sum += scores[row];
        return (float)(sum / CountOfPackage);
    }

    /// <summary>
    /// The mean of the vectors of the package's items, of which there must be one; computed when it is first asked for.
    /// </summary>
    /// <returns>[D]</returns>
    public float[] MeanVector(ItemVectors vectors)
    {
        if (_mean is { } known)
            return known;
        var mean = new float[vectors.Dimension];
        foreach (var row in OfPackage)
            TensorPrimitives.Add(mean, vectors.VectorOf(row), mean);
        TensorPrimitives.Divide(mean, CountOfPackage, mean);
        return _mean = mean;
    }
}
