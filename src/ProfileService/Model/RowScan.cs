using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ProfileService.Model;

/// <summary>
/// Computes dot products of vectors with every row of a matrix. The matrix is read once, block by block, for all vectors. The summation
/// order depends only on the dimension; therefore equal rows have equal scores at any position and in any batch.
/// </summary>
internal static class RowScan
{
    private const int BlockBytes = 1 << 14; // half of an L1 cache; a block stays in it for all vectors
    private const int MaxBlockRows = 256;
    private const int RowsAtOnce = 4; // independent sums, which the processor computes in parallel

    /// <summary>Scores each row with each vector, and offers the scores to the vector's <see cref="BestRows"/>.</summary>
    /// <param name="matrix">[N, D]</param>
    /// <param name="vectors">[U, D]</param>
    /// <param name="best">[U]</param>
    /// <param name="firstRow">Number of the matrix's first row, if the matrix is part of a larger one.</param>
    public static void Offer(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vectors, ReadOnlySpan<BestRows> best, int firstRow = 0)
    {
        var dimension = vectors.Length / best.Length;
        var rows = matrix.Length / dimension;
        var blockRows = Math.Clamp(BlockBytes / (sizeof(float) * dimension), RowsAtOnce, MaxBlockRows) / RowsAtOnce * RowsAtOnce;
        Span<float> scores = stackalloc float[MaxBlockRows];
        for (var row = 0; row < rows; row += blockRows)
        {
            var ofBlock = scores[..Math.Min(blockRows, rows - row)];
            var block = matrix.Slice(row * dimension, ofBlock.Length * dimension);
            for (var user = 0; user < best.Length; user++)
            {
                Score(block, vectors.Slice(user * dimension, dimension), ofBlock);
                best[user].Offer(firstRow + row, ofBlock);
            }
        }
    }

    /// <param name="matrix">[N, D]</param>
    /// <param name="vector">[D]</param>
    /// <param name="scores">[N]</param>
    public static void Score(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> scores)
    {
        var (row, dimension) = (0, vector.Length);
        for (; row + RowsAtOnce <= scores.Length; row += RowsAtOnce)
            ScoreFour(matrix.Slice(row * dimension, RowsAtOnce * dimension), vector, scores[row..]);
        for (; row < scores.Length; row++)
            scores[row] = Dot(matrix.Slice(row * dimension, dimension), vector);
    }

    private static void ScoreFour(ReadOnlySpan<float> rows, ReadOnlySpan<float> vector, Span<float> scores)
    {
        var dimension = vector.Length;
        ref var x = ref MemoryMarshal.GetReference(vector);
        ref var a = ref MemoryMarshal.GetReference(rows);
        ref var b = ref Unsafe.Add(ref a, dimension);
        ref var c = ref Unsafe.Add(ref b, dimension);
        ref var d = ref Unsafe.Add(ref c, dimension);
        var (sumA, sumB, sumC, sumD) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        var i = 0;
        for (; i + Vector<float>.Count <= dimension; i += Vector<float>.Count)
        {
            var wide = Vector.LoadUnsafe(ref x, (nuint)i);
            sumA = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref a, (nuint)i), wide, sumA);
            sumB = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref b, (nuint)i), wide, sumB);
            sumC = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref c, (nuint)i), wide, sumC);
            sumD = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref d, (nuint)i), wide, sumD);
        }

        var rest = vector[i..];
        scores[3] = Rest(rows[(3 * dimension + i)..], rest, Vector.Sum(sumD)); // the last index first: one bounds check is enough
        scores[2] = Rest(rows[(2 * dimension + i)..], rest, Vector.Sum(sumC));
        scores[1] = Rest(rows[(dimension + i)..], rest, Vector.Sum(sumB));
        scores[0] = Rest(rows[i..], rest, Vector.Sum(sumA));
    }

    /// <summary>One row's score, the same as among others.</summary>
    public static float Dot(ReadOnlySpan<float> row, ReadOnlySpan<float> vector)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i + Vector<float>.Count <= vector.Length; i += Vector<float>.Count)
            sum = Vector.FusedMultiplyAdd(new Vector<float>(row[i..]), new Vector<float>(vector[i..]), sum);
        return Rest(row[i..], vector[i..], Vector.Sum(sum));
    }

    // The rest of a row, if the dimension is not a multiple of the vector register's length.
    private static float Rest(ReadOnlySpan<float> row, ReadOnlySpan<float> vector, float sum)
    {
        for (var i = 0; i < vector.Length; i++)
            sum += row[i] * vector[i];
        return sum;
    }
}
