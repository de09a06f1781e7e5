using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ProfileService.Model;

/// <summary>
/// <c>items.f32</c>: a vector for each item of the vocabulary, in the vector space of the profiles. The row of an item is its index in the
/// vocabulary; therefore rows 0 and 1 belong to no item.
/// </summary>
internal sealed class ItemVectors
{
    public const string FileName = "items.f32";

    private readonly float[] _vectors; // [N, D]
    private readonly IReadOnlyDictionary<string, long> _rows;
    private readonly float[] _norms; // [N]
    private readonly string?[] _ids; // [N], null if the row belongs to no item
    private readonly int[] _others; // the rows that belong to no item
    private readonly CompactVectors? _compact;

    /// <param name="vectors">[N, D]</param>
    /// <param name="rows">Item id → row, from 2.</param>
    public ItemVectors(float[] vectors, int dimension, IReadOnlyDictionary<string, long> rows)
    {
        (_vectors, _rows, Dimension) = (vectors, rows, dimension);
        _ids = new string?[vectors.Length / dimension];
        _norms = [.. Enumerable.Range(0, _ids.Length).Select(row => TensorPrimitives.Norm(VectorOf(row)))];
        foreach (var (id, row) in rows)
            _ids[row] = id;
        _others = [.. Enumerable.Range(0, _ids.Length).Where(row => _ids[row] is null)];
        _compact = CompactVectors.Of(vectors, dimension);
    }

    /// <summary>N, including the rows that belong to no item.</summary>
    public int Rows => _ids.Length;

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>Number of items that have a vector.</summary>
    public int Count => _rows.Count;

    /// <summary>[N, D]</summary>
    public ReadOnlySpan<float> Vectors => _vectors;

    /// <summary>[D]</summary>
    public ReadOnlySpan<float> VectorOf(int row) => _vectors.AsSpan(row * Dimension, Dimension);

    /// <summary>Length of the vector; 0 if it is all zeros.</summary>
    public float NormOf(int row) => _norms[row];

    /// <summary>Row of an item; null if it is not in the vocabulary.</summary>
    public int? RowOf(string itemId) => _rows.TryGetValue(itemId, out var row) ? (int)row : null;

    public bool IsItem(int row) => _ids[row] is not null;

    /// <summary>Orders rows by their items' ids.</summary>
    public int CompareIds(int row, int other) => string.CompareOrdinal(_ids[row], _ids[other]);

    /// <exception cref="InvalidOperationException">The row belongs to no item.</exception>
    public string IdOf(int row) => _ids[row] ?? throw new InvalidOperationException($"Row {row} belongs to no item.");

    /// <summary>
    /// Scores every row by its dot product with a profile. Rows that belong to no item score negative infinity. Equal vectors have equal
    /// scores.
    /// </summary>
    /// <param name="profile">[D]</param>
    /// <param name="scores">[N]</param>
    public void Score(ReadOnlySpan<float> profile, Span<float> scores)
    {
        RowScan.Score(_vectors, profile, scores);
        LeaveOutOthers(scores);
    }

    /// <summary>
    /// Scores every row as <see cref="Score(ReadOnlySpan{float}, Span{float})"/> does, but only roughly where that is faster.
    /// </summary>
    /// <param name="profile">[D]</param>
    /// <param name="scores">[N]</param>
    /// <returns>How far a score may be from the exact one; 0 if all are exact.</returns>
    public float ScoreRoughly(ReadOnlySpan<float> profile, Span<float> scores)
    {
        if (_compact?.Score(profile, scores) is { } margin && float.IsFinite(margin))
        {
            LeaveOutOthers(scores);
            return margin;
        }

        Score(profile, scores);
        return 0;
    }

    /// <summary>Scores these rows alone, as <see cref="Score(ReadOnlySpan{float}, Span{float})"/> scores them among all.</summary>
    /// <param name="profile">[D]</param>
    /// <param name="scores">[N]; those of other rows stay as they are.</param>
    public void Score(ReadOnlySpan<float> profile, ReadOnlySpan<int> rows, Span<float> scores)
    {
        foreach (var row in rows)
            scores[row] = _ids[row] is null ? float.NegativeInfinity : RowScan.Dot(VectorOf(row), profile);
    }

    private void LeaveOutOthers(Span<float> scores)
    {
        foreach (var row in _others)
            scores[row] = float.NegativeInfinity;
    }

    /// <summary>The item vectors of a package; null if it has none.</summary>
    public static ItemVectors? Of(ModelPackage package, Vocabulary vocabulary) =>
        package.Bytes(FileName) is { } bytes
            ? new ItemVectors(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), package.Manifest.Dimension, vocabulary.Items!)
            : null;

    /// <summary>Returns what is wrong with a package's file, or null.</summary>
    public static string? Problem(ModelPackage package)
    {
        if (package.Bytes(FileName) is not { } bytes)
            return null;
        if (package.Manifest.Inputs.Items is not { Encoding: "vocabulary", Size: { } size })
            return "the encoding of inputs.items is not vocabulary, so that the rows belong to no item; remove the file.";
        var (rows, dimension) = (IndexEncoding.First + size, package.Manifest.Dimension);
        var expected = (long)rows * dimension * sizeof(float);
        if (bytes.Length != expected)
        {
            return $"it has {bytes.Length:N0} bytes; {rows:N0} rows (the vocabulary's {size:N0} items and 2) of dimension {dimension} "
                + $"have {expected:N0}.";
        }

        foreach (var cell in MemoryMarshal.Cast<byte, float>(bytes))
        {
            if (!float.IsFinite(cell))
                return "it contains a number that is not finite.";
        }

        return null;
    }
}
