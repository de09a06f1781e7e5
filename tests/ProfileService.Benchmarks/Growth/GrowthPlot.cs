using System.Globalization;
using System.Text;
using ProfileService.Benchmarks.Figures;

namespace ProfileService.Benchmarks.Growth;

/// <summary>Curves as an SVG, both axes logarithmic, so that a power is a straight line.</summary>
internal static class GrowthPlot
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 70;
    private const int Right = 270; // for the legend
    private const int Top = 20;
    private const int Bottom = 50;
    private static readonly string[] Colours = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf", "#7f7f7f"];

    public static string Draw(IReadOnlyList<Curve> curves, string x, string y)
    {
        var points = curves.SelectMany(c => c.Points).ToList();
        var across = new Axis(points.Min(p => p.At), points.Max(p => p.At), Left, Width - Right);
        var up = new Axis(points.Min(p => p.Cost) / 1.5, points.Max(p => p.Cost) * 1.5, Height - Bottom, Top);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n");
        foreach (var at in across.Ticks)
            Line(svg, across.Place(at), Top, across.Place(at), Height - Bottom, "#ddd").Append(Text(across.Place(at), Height - Bottom + 18, "middle", Number(at)));
        foreach (var at in up.Ticks)
            Line(svg, Left, up.Place(at), Width - Right, up.Place(at), "#ddd").Append(Text(Left - 6, up.Place(at) + 4, "end", Number(at)));
        svg.Append(Text((Left + Width - Right) / 2, Height - 10, "middle", x)).Append(Text(Left, 14, "start", y));
        foreach (var (i, curve) in curves.Index())
            Draw(svg, curve, across, up, Colours[i % Colours.Length], Top + 14 + (18 * i));
        return svg.Append("</svg>\n").ToString();
    }

    private static void Draw(StringBuilder svg, Curve curve, Axis across, Axis up, string colour, double legendAt)
    {
        var (first, last) = (curve.Points.Min(p => p.At), curve.Points.Max(p => p.At));
        Line(svg, across.Place(first), up.Place(curve.CostAt(first)), across.Place(last), up.Place(curve.CostAt(last)), colour);
        foreach (var (at, cost) in curve.Points)
            Dot(svg, across.Place(at), up.Place(cost), colour);
        Dot(svg, Width - Right + 20, legendAt - 4, colour);
        svg.Append(Text(Width - Right + 30, legendAt, "start", $"{curve.Name}, k = {curve.Exponent.ToString("0.00", CultureInfo.InvariantCulture)}"));
    }

    private static StringBuilder Line(StringBuilder svg, double x1, double y1, double x2, double y2, string colour) =>
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\"/>\n");

    private static void Dot(StringBuilder svg, double x, double y, string colour) =>
        svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\" fill=\"{colour}\"/>\n");

    private static string Text(double x, double y, string anchor, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{text}</text>\n");

    private static string Number(double value) => value.ToString(value < 1 ? "0.##" : "#,0.#", CultureInfo.InvariantCulture);

    private sealed record Axis(double Least, double Most, double From, double To)
    {
        /// <summary>1, 2 and 5 of each power of ten where there are few, else the powers alone.</summary>
        public IEnumerable<double> Ticks =>
            from power in Enumerable.Range(-3, 12)
            from step in Most / Least < 200 ? new[] { 1, 2, 5 } : [1]
            let at = step * Math.Pow(10, power)
            where at >= Least * .999 && at <= Most * 1.001
            select at;

        public double Place(double value) => From + ((To - From) * Math.Log(value / Least) / Math.Log(Most / Least));
    }
}
