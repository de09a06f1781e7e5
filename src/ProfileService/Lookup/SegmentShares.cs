using System.Numerics.Tensors;
using ProfileService.Model;

namespace ProfileService.Lookup;

/// <summary>How the squared length of a vector divides over the segments that its package names.</summary>
internal static class SegmentShares
{
    private const int Decimals = 4;

    /// <returns>The share of each segment; null if the package names none, or if the vector is zero.</returns>
    public static IReadOnlyDictionary<string, double>? Of(IReadOnlyList<SegmentManifest>? segments, ReadOnlySpan<float> vector)
    {
        double whole = TensorPrimitives.SumOfSquares(vector);
        if (segments is not { Count: > 0 } || whole == 0)
            return null;
        var shares = new OrderedDictionary<string, double>();
        foreach (var segment in segments)
        {
            var own = TensorPrimitives.SumOfSquares(vector.Slice(segment.From, segment.Length));
            shares.Add(segment.Name, Math.Round(own / whole, Decimals));
        }

        return shares;
    }

    /// <summary>The shares of the difference of two vectors.</summary>
    public static IReadOnlyDictionary<string, double>? Of(
        IReadOnlyList<SegmentManifest>? segments, ReadOnlySpan<float> with, ReadOnlySpan<float> without)
    {
        if (segments is not { Count: > 0 })
            return null;
        var difference = new float[with.Length];
        TensorPrimitives.Subtract(with, without, difference);
        return Of(segments, difference);
    }
}
