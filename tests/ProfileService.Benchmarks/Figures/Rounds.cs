namespace ProfileService.Benchmarks.Figures;

/// <summary>
/// Measures several things in turn, round by round, so that what disturbs one disturbs all. Some rounds before the first warm up and are
/// not counted: a .NET process compiles what it does much of once more, for seconds.
/// </summary>
internal sealed class Rounds(int count, Action<string> tell, int warmUps = 4)
{
    public async Task<RoundFigures> RunAsync(params (string Name, Func<Task<double>> Measure)[] parts)
    {
        var figures = parts.ToDictionary(p => p.Name, _ => new List<double>(count));
        for (var round = 1 - warmUps; round <= count; round++)
        {
            foreach (var (name, measure) in parts)
            {
                tell(round <= 0 ? $"{name}: warming up" : $"{name}: round {round} of {count}");
                var figure = await measure();
                if (round > 0)
                    figures[name].Add(figure);
            }
        }

        return new RoundFigures(figures);
    }
}

/// <summary>A figure a round of each thing measured.</summary>
internal sealed class RoundFigures(IReadOnlyDictionary<string, List<double>> figures)
{
    public IReadOnlyList<double> this[string name] => figures[name];

    public Metric Ratio(string metric, string numerator, string denominator, string unit, Goal? goal) =>
        Metric.Ratio(metric, figures[numerator], figures[denominator], unit, goal);

    public Metric Of(string metric, string name, string unit, Goal? goal = null) => Metric.Of(metric, figures[name], unit, goal);
}
