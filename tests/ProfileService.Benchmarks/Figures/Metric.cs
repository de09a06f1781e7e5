namespace ProfileService.Benchmarks.Figures;

/// <summary>One figure of the table: a ratio of two measurements of the same rounds, or a figure by itself.</summary>
/// <param name="Value">Median, least and most of the rounds' ratios.</param>
/// <param name="Numerator">Median, with its unit.</param>
/// <param name="Denominator">Likewise; 1 where the figure stands by itself.</param>
/// <param name="Unit">Of the value; <c>ratio</c>, <c>ms</c>, <c>bytes</c>.</param>
/// <param name="Goal">Null where the figure is told, not promised.</param>
internal sealed record Metric(string Name, Spread Value, Amount Numerator, Amount Denominator, string Unit, Goal? Goal)
{
    /// <summary>Numerator by denominator, round by round.</summary>
    public static Metric Ratio(string name, IReadOnlyList<double> numerators, IReadOnlyList<double> denominators, string unit, Goal? goal) => new(
        name,
        Spread.Of(numerators.Zip(denominators, (n, d) => n / d)),
        new Amount(Spread.Of(numerators).Median, unit),
        new Amount(Spread.Of(denominators).Median, unit),
        "ratio", goal);

    /// <summary>A figure that is no ratio.</summary>
    public static Metric Of(string name, IReadOnlyList<double> figures, string unit, Goal? goal = null) =>
        new(name, Spread.Of(figures), new Amount(Spread.Of(figures).Median, unit), new Amount(1, ""), unit, goal);

    public bool? IsMet => Goal?.IsMetBy(Value.Median);
}

internal readonly record struct Amount(double Value, string Unit);

/// <summary>What section 7 of the design asks for.</summary>
internal readonly record struct Goal(double Bound, bool IsLeast)
{
    public static Goal AtLeast(double bound) => new(bound, true);

    public static Goal AtMost(double bound) => new(bound, false);

    public bool IsMetBy(double value) => IsLeast ? value >= Bound : value <= Bound;
}
