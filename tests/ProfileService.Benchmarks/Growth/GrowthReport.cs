using System.Globalization;
using System.Text;
using ProfileService.Benchmarks.Figures;

namespace ProfileService.Benchmarks.Growth;

/// <summary>A table and a plot of each thing that grows, in a folder.</summary>
internal sealed class GrowthReport(string folder)
{
    private readonly StringBuilder _text = new("# Growth\n\nCost of one request, event or user refreshed; exponent k of the fitted cost ∝ size^k, 0 where size costs nothing. Made by `./bench --growth`.\n");

    /// <param name="size">What grows.</param>
    public async Task AddAsync(string name, string size, string unit, IReadOnlyList<Curve> curves)
    {
        var sizes = curves.SelectMany(c => c.Points).Select(p => p.At).Distinct().Order().ToList();
        _text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(name[0])}{name[1..]}\n\n| {unit} unless it says bytes, by {size} | {string.Join(" | ", sizes.Select(s => s.ToString("N0", CultureInfo.InvariantCulture)))} | k |\n");
        _text.Append('|').Append(string.Concat(Enumerable.Repeat("---|", sizes.Count + 2))).Append('\n');
        foreach (var curve in curves)
        {
            var costs = sizes.Select(s => curve.Points.Where(p => p.At == s).Select(p => Number(p.Cost)).DefaultIfEmpty("-").First());
            _text.Append(CultureInfo.InvariantCulture, $"| {curve.Name} | {string.Join(" | ", costs)} | {curve.Exponent:0.00} |\n");
        }

        var plotted = curves.Where(c => !c.Name.Contains("bytes", StringComparison.Ordinal)).ToList();
        await File.WriteAllTextAsync(Path.Combine(folder, $"growth-{name}.svg"), GrowthPlot.Draw(plotted, size, $"{unit} each"));
        _text.Append(CultureInfo.InvariantCulture, $"\n![Cost by {size}](growth-{name}.svg)\n");
        await WriteAsync(); // what is measured is kept, whatever becomes of the rest
    }

    public Task WriteAsync() => File.WriteAllTextAsync(Path.Combine(folder, "growth.md"), _text.ToString());

    private static string Number(double value) => value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}
