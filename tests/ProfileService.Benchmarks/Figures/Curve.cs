namespace ProfileService.Benchmarks.Figures;

/// <summary>What something costs, by how large something else is.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double At, double Cost)> Points)
{
    public double Exponent => Power.Exponent;

    /// <summary>The fitted cost.</summary>
    public double CostAt(double at) => Power.Factor * Math.Pow(at, Power.Exponent);

    private (double Exponent, double Factor) Power => Fit.Power([.. Points.Select(p => p.At)], [.. Points.Select(p => p.Cost)]);
}

/// <summary>Curves as they come in, point by point.</summary>
internal sealed class Curves
{
    private readonly OrderedDictionary<string, List<(double, double)>> _points = [];

    public IEnumerable<Curve> All => _points.Select(c => new Curve(c.Key, c.Value));

    public void Add(string name, double at, double cost)
    {
        if (!_points.TryGetValue(name, out var points))
            _points.Add(name, points = []);
        points.Add((at, cost));
    }
}
