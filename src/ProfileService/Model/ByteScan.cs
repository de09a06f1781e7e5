using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ProfileService.Model;

/// <summary>Dot products of a vector of 16-bit numbers with every row of a matrix of 8-bit numbers, exact in 32 bits.</summary>
internal static class ByteScan
{
    private const int AtOnce = 16; // numbers of a row that are multiplied at once
    private const int RowsAtOnce = 4; // independent sums, which the processor computes in parallel

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Cells of a row, of which those behind its own must be 0.</summary>
    public static int Padded(int dimension) => (dimension + AtOnce - 1) / AtOnce * AtOnce;

    /// <summary>The greatest number of a vector with which no sum overflows.</summary>
    /// <param name="maxOfCell">The greatest number of the matrix.</param>
    public static int MaxOfVector(int stride, int maxOfCell) => Math.Min(short.MaxValue, int.MaxValue / (stride * maxOfCell));

    /// <param name="matrix">[N, stride]</param>
    /// <param name="vector">[stride]</param>
    /// <param name="scores">[N]</param>
    public static void Score(ReadOnlySpan<sbyte> matrix, ReadOnlySpan<short> vector, Span<float> scores)
    {
        var (row, stride) = (0, vector.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(matrix.Length, scores.Length * stride);
        ref var first = ref MemoryMarshal.GetReference(matrix);
        for (; row + RowsAtOnce <= scores.Length; row += RowsAtOnce)
            ScoreFour(ref Unsafe.Add(ref first, (nint)row * stride), vector, scores.Slice(row, RowsAtOnce));
        for (; row < scores.Length; row++)
            scores[row] = Dot(ref Unsafe.Add(ref first, (nint)row * stride), vector);
    }

    private static void ScoreFour(ref sbyte a, ReadOnlySpan<short> vector, Span<float> scores)
    {
        ref var x = ref MemoryMarshal.GetReference(vector);
        ref var b = ref Unsafe.Add(ref a, vector.Length);
        ref var c = ref Unsafe.Add(ref b, vector.Length);
        ref var d = ref Unsafe.Add(ref c, vector.Length);
        var (sumA, sumB, sumC, sumD) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        for (nuint i = 0; i < (nuint)vector.Length; i += AtOnce)
        {
            var own = Vector256.LoadUnsafe(ref x, i);
            sumA += Product(ref a, i, own);
            sumB += Product(ref b, i, own);
            sumC += Product(ref c, i, own);
            sumD += Product(ref d, i, own);
        }

        (scores[3], scores[2], scores[1], scores[0]) =
            (Vector256.Sum(sumD), Vector256.Sum(sumC), Vector256.Sum(sumB), Vector256.Sum(sumA));
    }

    private static int Dot(ref sbyte row, ReadOnlySpan<short> vector)
    {
        var sum = Vector256<int>.Zero;
        for (nuint i = 0; i < (nuint)vector.Length; i += AtOnce)
            sum += Product(ref row, i, Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(vector), i));
        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Product(ref sbyte row, nuint at, Vector256<short> vector) =>
        Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref row, at)), vector);
}
