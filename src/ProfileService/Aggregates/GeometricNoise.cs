using System.Numerics;

namespace ProfileService.Aggregates;

/// <summary>
/// Whole numbers with P(x) in proportion to e^(-|x|/scale): Laplace noise on the integers, or two-sided geometric (Ghosh, Roughgarden,
/// Sundararajan 2009). It is drawn from whole numbers alone (Canonne, Kamath, Steinke 2020, algorithms 1 and 2), because the gaps between
/// floating-point numbers would tell the count that is to be hidden (Mironov 2012).
/// </summary>
/// <param name="uniform">A whole number from 0 to below its argument, each as likely.</param>
internal sealed class GeometricNoise(Func<int, int> uniform)
{
    public int Draw(NoiseScale scale)
    {
        while (true)
        {
            var size = DrawExponential(scale.Over) / scale.Under;
            var isNegative = uniform(2) == 0;
            if (size > 0 || !isNegative) // 0 has one sign
                return (int)Math.Min(isNegative ? -size : size, int.MaxValue);
        }
    }

    /// <summary>A number with P(x) in proportion to e^(-x/scale), x ≥ 0.</summary>
    private long DrawExponential(int scale)
    {
        var rest = uniform(scale);
        while (!IsByExponential(rest, scale))
            rest = uniform(scale);
        long whole = 0;
        while (IsByExponential(1, 1))
            whole++;
        return rest + (scale * whole);
    }

    /// <summary>True with probability e^(-a/b), where a ≤ b.</summary>
    private bool IsByExponential(int a, int b)
    {
        var k = 1;
        while (uniform(b) < a && uniform(k) == 0)
            k++;
        return k % 2 == 1;
    }
}

/// <summary>The scale of noise, as a fraction of whole numbers.</summary>
internal readonly record struct NoiseScale
{
    private NoiseScale(int over, int under) => (Over, Under) = (over, under);

    public int Over { get; }

    public int Under { get; }

    /// <summary>Ratio of the probabilities of a number and the next one away from 0.</summary>
    public double Ratio => Math.Exp(-(double)Under / Over);

    /// <summary>The scale that hides changes by so much, at an epsilon in ten-thousandths.</summary>
    public static NoiseScale Of(int sensitivity, int epsilonTenThousandths)
    {
        const int One = 10_000;
        var common = (int)BigInteger.GreatestCommonDivisor(sensitivity * One, epsilonTenThousandths);
        return new NoiseScale(sensitivity * One / common, epsilonTenThousandths / common);
    }
}
