using System.Runtime.InteropServices;

namespace ProfileService.Model;

/// <summary>
/// <c>neighbours.bin</c>: the items that users met shortly before or after each item, and how near they are. The rows are those of
/// <see cref="ItemVectors"/>.
/// </summary>
internal sealed class ItemNeighbours
{
    public const string FileName = "neighbours.bin";

    private readonly int[] _rows; // [N, K]
    private readonly float[] _weights; // [N, K], the greatest first; 0 if there is no such neighbour

    private ItemNeighbours(NeighboursManifest manifest, int[] rows, float[] weights) =>
        (Manifest, _rows, _weights) = (manifest, rows, weights);

    /// <summary>What the neighbours count in an item's score.</summary>
    public NeighboursManifest Manifest { get; }

    /// <summary>Rows of an item's neighbours.</summary>
    public ReadOnlySpan<int> Of(int row)
    {
        var weights = _weights.AsSpan(row * Manifest.Count, Manifest.Count);
        var count = 0;
        while (count < weights.Length && weights[count] > 0)
            count++;
        return _rows.AsSpan(row * Manifest.Count, count);
    }

    /// <summary>How near each of them is.</summary>
    public ReadOnlySpan<float> WeightsOf(int row) => _weights.AsSpan(row * Manifest.Count, Of(row).Length);

    /// <summary>Adds to the scores of an item's neighbours.</summary>
    /// <param name="row">The item's.</param>
    /// <param name="weight">Added to the score of a neighbour of weight 1.</param>
    /// <param name="scores">[N]</param>
    public void Add(int row, float weight, Span<float> scores)
    {
        var rows = _rows.AsSpan(row * Manifest.Count, Manifest.Count);
        var weights = _weights.AsSpan(row * Manifest.Count, Manifest.Count);
        for (var k = 0; k < rows.Length && weights[k] > 0; k++)
            scores[rows[k]] += weights[k] * weight;
    }

    /// <summary>The neighbours of a package; null if it has none.</summary>
    public static ItemNeighbours? Of(ModelPackage package)
    {
        if (package.Manifest.Neighbours is not { } manifest || package.Bytes(FileName) is not { } bytes)
            return null;
        var half = bytes.Length / 2;
        return new ItemNeighbours(
            manifest,
            MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, half)).ToArray(),
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan(half)).ToArray());
    }

    /// <summary>Returns what is wrong with a package's file, or null.</summary>
    public static string? Problem(ModelPackage package)
    {
        var bytes = package.Bytes(FileName);
        if (package.Manifest.Neighbours is not { } manifest)
            return bytes is null ? null : "the manifest does not say what the neighbours count: neighbours is missing.";
        if (bytes is null)
            return "the manifest has neighbours, and its files do not list it.";
        if (package.Bytes(ItemVectors.FileName) is null || package.Manifest.Inputs.Items.Size is not { } size)
            return $"neighbours are of items that have vectors, and {ItemVectors.FileName} is missing.";
        var rows = (int)(IndexEncoding.First + size);
        var expected = 2L * sizeof(int) * rows * manifest.Count;
        if (bytes.Length != expected)
            return $"it has {bytes.Length:N0} bytes; {rows:N0} rows of {manifest.Count} neighbours and weights have {expected:N0}.";
        return ProblemOfCells(bytes, rows) ?? ProblemOfRows(bytes, rows, manifest.Count);
    }

    private static string? ProblemOfCells(byte[] bytes, int rows)
    {
        foreach (var row in MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, bytes.Length / 2)))
        {
            if (row < 0 || row >= rows)
                return $"it names row {row}, and there are {rows:N0}.";
        }

        foreach (var weight in MemoryMarshal.Cast<byte, float>(bytes.AsSpan(bytes.Length / 2)))
        {
            if (!(weight >= 0 && float.IsFinite(weight)))
                return "it contains a weight that is below 0 or not finite.";
        }

        return null;
    }

    private static string? ProblemOfRows(byte[] bytes, int rows, int count)
    {
        var cells = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(0, bytes.Length / 2));
        var weights = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(bytes.Length / 2));
        var named = new HashSet<int>(count);
        for (var row = 0; row < rows; row++)
        {
            named.Clear();
            named.Add(row); // no item is its own neighbour
            for (var at = row * count; at < (row + 1) * count; at++)
            {
                if (at > row * count && weights[at] > weights[at - 1])
                    return $"the weights of row {row:N0} rise: the greatest comes first.";
                if (weights[at] > 0 && !named.Add(cells[at]))
                    return $"row {row:N0} names a neighbour twice, or itself.";
            }
        }

        return null;
    }
}
