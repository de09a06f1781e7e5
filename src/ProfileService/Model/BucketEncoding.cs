using System.Globalization;

namespace ProfileService.Model;

/// <summary>Encodes a number as the index of its bucket. The bounds are inclusive lower bounds.</summary>
internal sealed class BucketEncoding(double[] bounds) : IndexEncoding
{
    /// <summary>Of a number as text: <c>tests/numbers.tsv</c> has the test cases, which training uses too.</summary>
    public override long IndexOf(ReadOnlySpan<byte> value) =>
        value is not [.., 0] // which the parser passes over
        && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? IndexOf(number)
            : Unknown;

    /// <summary>2 + the number of bounds that are less than or equal to the number.</summary>
    public long IndexOf(double number)
    {
        var index = bounds.AsSpan().BinarySearch(number);
        return First + (index < 0 ? ~index : index + 1);
    }

    public static bool AreAscending(IReadOnlyList<double> bounds) =>
        bounds.Zip(bounds.Skip(1)).All(pair => pair.First < pair.Second);
}
