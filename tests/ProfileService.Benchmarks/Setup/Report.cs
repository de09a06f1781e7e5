using System.Globalization;
using System.Text.Json;
using ProfileService.Benchmarks.Figures;

namespace ProfileService.Benchmarks.Setup;

/// <summary>The one table, as Markdown, and the same as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Print(TextWriter output, Bench bench, IReadOnlyList<Metric> metrics)
    {
        output.WriteLine("| metric | value | min..max | numerator | denominator | goal | met |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var m in metrics)
        {
            output.WriteLine(
                $"| {m.Name} | {Number(m.Value.Median)}{(m.Unit == "ratio" ? "" : $" {m.Unit}")} | {Number(m.Value.Least)}..{Number(m.Value.Most)} | {Text(m.Numerator)} | {Text(m.Denominator)} | "
                + $"{(m.Goal is { } goal ? $"{(goal.IsLeast ? "≥" : "≤")} {Number(goal.Bound)}" : "-")} | {m.IsMet switch { true => "yes", false => "NO", null => "-" }} |");
        }

        output.WriteLine();
        foreach (var note in bench.Notes)
            output.WriteLine(note);
    }

    public static Task WriteJsonAsync(string file, IReadOnlyList<Metric> metrics) => File.WriteAllTextAsync(file, JsonSerializer.Serialize(
        metrics.ToDictionary(m => m.Name, m => new
        {
            value = m.Value.Median,
            min = m.Value.Least,
            max = m.Value.Most,
            numerator = m.Numerator.Value,
            denominator = m.Denominator.Value,
            unit = m.Unit == "ratio" ? $"{m.Numerator.Unit} / {m.Denominator.Unit}" : m.Unit,
        }),
        Indented) + "\n");

    private static string Text(Amount amount) => amount.Unit.Length == 0 ? "-" : $"{Number(amount.Value)} {amount.Unit}";

    private static string Number(double value) => value.ToString(Math.Abs(value) switch { < 10 => "0.00", < 1_000 => "0.0", _ => "#,0" }, CultureInfo.InvariantCulture);
}
