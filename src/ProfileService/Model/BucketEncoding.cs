using System.Globalization;

namespace ProfileService.Model;

/// <summary>Numbers by the bounds they reach.</summary>
internal sealed class BucketEncoding(double[] bounds) : IndexEncoding
{
    public override long IndexOf(ReadOnlySpan<byte> value) =>
        double.TryParse(value, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? IndexOf(number) : Unknown;

    /// <summary>2 + the number of bounds not above the number.</summary>
    public long IndexOf(double number)
    {
        var place = bounds.AsSpan().BinarySearch(number);
        return First + (place < 0 ? ~place : place + 1);
    }

    public static bool AreAscending(IReadOnlyList<double> bounds) =>
        bounds.Zip(bounds.Skip(1)).All(pair => pair.First < pair.Second);
}
