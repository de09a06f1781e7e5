using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MathNet.Numerics.Statistics;

namespace ProfileService.Cli.Tasks;

/// <summary>The measures of all questions and vectors; of several packages the mean.</summary>
internal sealed class TasksTable
{
    private const int Decimals = 4;

    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly OrderedDictionary<(string Question, string Measure), OrderedDictionary<string, List<double[]>>> _rows = [];

    /// <param name="folds">The measure in each fold of each folding, of one more package.</param>
    public void Add(Question question, string vectors, double[] folds)
    {
        _rows.TryAdd((question.Name, question.Measure), []);
        var row = _rows[(question.Name, question.Measure)];
        row.TryAdd(vectors, []);
        row[vectors].Add(folds);
    }

    public IEnumerable<string> Lines()
    {
        var names = _rows.Values.SelectMany(r => r.Keys).Distinct().ToList();
        yield return Line("question", names);
        foreach (var ((question, measure), row) in _rows)
            yield return Line($"{question}, {measure}", names.Select(n => row.TryGetValue(n, out var packages) ? Cell(packages) : ""));
    }

    public string Json() => Indented(new JsonArray([.. _rows.Select(r => Json(r.Key.Question, r.Key.Measure, r.Value))]));

    public static string Indented(JsonArray rows) => rows.ToJsonString(Options);

    private static JsonObject Json(string question, string measure, OrderedDictionary<string, List<double[]>> vectors)
    {
        var row = new JsonObject { ["question"] = question, ["measure"] = measure };
        foreach (var (name, packages) in vectors)
            row[name] = new JsonObject { ["mean"] = Figures(packages).Mean, ["error"] = Figures(packages).Error };
        return row;
    }

    private static string Line(string first, IEnumerable<string> cells) => $"{first,-34}{string.Concat(cells.Select(c => $"{c,19}"))}";

    private static string Cell(List<double[]> packages) => $"{Figures(packages).Mean:F3} ± {Figures(packages).Error:F3}";

    /// <summary>
    /// The mean over all folds, and its standard error: the deviation over the folds of a package ÷ √(5 × packages). The foldings are of
    /// the same people and not independent, so that all five count as one.
    /// </summary>
    private static (double Mean, double Error) Figures(List<double[]> packages)
    {
        var known = packages.Select(folds => folds.Where(double.IsFinite).ToArray()).ToList();
        var error = known.Average(folds => folds.PopulationStandardDeviation()) / Math.Sqrt(LinearProbe.Folds * packages.Count);
        return (Math.Round(known.SelectMany(f => f).DefaultIfEmpty(double.NaN).Average(), Decimals), Math.Round(error, Decimals));
    }
}
