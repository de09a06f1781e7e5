using System.Numerics;
using System.Numerics.Tensors;

namespace ProfileService.Model;

/// <summary>
/// The rows of a matrix with a byte for each number: a scan reads a quarter of the memory, and its scores are off by no more than a margin.
/// Whoever looks for the best rows so leaves out nearly all of them, and computes the scores of the others exactly.
/// </summary>
/// <remarks>
/// A row x is kept as s q, with whole numbers q from -127 to 127, and a vector p is rounded likewise to t r, with 16 bits. By Cauchy and
/// Schwarz, |x p - s t q r| is at most |x - s q| |p| + |s q| |p - t r|, to which the margin adds what sums of float32 may be off by.
/// </remarks>
internal sealed class CompactVectors
{
    private const int MaxOfCell = sbyte.MaxValue;
    private const double RoundingOfSum = 1.0 / (1 << 22); // of a float32 addition and multiplication, relative

    private readonly int _dimension;
    private readonly int _stride; // cells of a row, with zeros behind its own
    private readonly sbyte[] _cells; // [N, stride]
    private readonly float[] _scales; // [N]
    private readonly double _mostLost; // |x - s q| of the row that lost most
    private readonly double _mostLength; // of |x| and |s q|

    private CompactVectors(ReadOnlySpan<float> vectors, int dimension)
    {
        var rows = vectors.Length / dimension;
        (_dimension, _stride) = (dimension, ByteScan.Padded(dimension));
        (_cells, _scales) = (new sbyte[rows * _stride], new float[rows]);
        for (var row = 0; row < rows; row++)
        {
            var own = vectors.Slice(row * dimension, dimension);
            _scales[row] = MathF.Abs(TensorPrimitives.MaxMagnitude(own)) / MaxOfCell;
            var (lost, kept) = Round(own, _scales[row], _cells.AsSpan(row * _stride, dimension));
            _mostLost = Math.Max(_mostLost, lost);
            _mostLength = Math.Max(_mostLength, Math.Max(kept, TensorPrimitives.Norm(own)));
        }
    }

    /// <summary>Null if this processor is not faster so, or if they are too many for an array.</summary>
    /// <param name="vectors">[N, D], finite.</param>
    public static CompactVectors? Of(ReadOnlySpan<float> vectors, int dimension) =>
        ByteScan.IsSupported && (long)vectors.Length / dimension * ByteScan.Padded(dimension) < Array.MaxLength
            ? new CompactVectors(vectors, dimension)
            : null;

    /// <summary>Scores every row roughly.</summary>
    /// <param name="vector">[D]</param>
    /// <param name="scores">[N]</param>
    /// <returns>How far a score may be from the exact one. Not finite if the numbers are too great; then the scores say nothing.</returns>
    public float Score(ReadOnlySpan<float> vector, Span<float> scores)
    {
        Span<short> cells = stackalloc short[ByteScan.Padded(_dimension)];
        cells.Clear();
        var scale = MathF.Abs(TensorPrimitives.MaxMagnitude(vector)) / ByteScan.MaxOfVector(_stride, MaxOfCell);
        var (lost, _) = Round(vector, scale, cells[.._dimension]);
        ByteScan.Score(_cells, cells, scores);
        TensorPrimitives.Multiply(scores, _scales, scores);
        TensorPrimitives.Multiply(scores, scale, scores);
        var length = (double)TensorPrimitives.Norm(vector);
        return (float)((_mostLost * length) + (_mostLength * lost) + (RoundingOfSum * (_dimension + 8) * _mostLength * length));
    }

    /// <returns>Lengths of what was lost and of what was kept.</returns>
    private static (double Lost, double Kept) Round<T>(ReadOnlySpan<float> vector, float scale, Span<T> cells)
        where T : struct, INumber<T>
    {
        var (lost, kept) = (0.0, 0.0);
        for (var i = 0; i < vector.Length; i++)
        {
            var whole = scale > 0 ? Math.Round(vector[i] / scale) : 0;
            cells[i] = T.CreateSaturating(whole);
            var own = double.CreateChecked(cells[i]) * scale;
            (lost, kept) = (lost + ((vector[i] - own) * (vector[i] - own)), kept + (own * own));
        }

        return (Math.Sqrt(lost), Math.Sqrt(kept));
    }
}
