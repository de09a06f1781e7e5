namespace ProfileService.Benchmarks.Figures;

/// <summary>Least squares.</summary>
internal static class Fit
{
    public static (double Slope, double Intercept) Line(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        return (slope, meanY - (slope * meanX));
    }

    /// <summary>y = factor · x^exponent.</summary>
    public static (double Exponent, double Factor) Power(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var (slope, intercept) = Line([.. x.Select(v => Math.Log(v))], [.. y.Select(v => Math.Log(v))]);
        return (slope, Math.Exp(intercept));
    }
}
