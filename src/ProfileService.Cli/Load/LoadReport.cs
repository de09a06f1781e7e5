using System.Globalization;
using ProfileService.Cli.CommandLine;
using Spectre.Console;

namespace ProfileService.Cli.Load;

/// <summary>
/// Prints the figures as a table in the usual form of feature servers: one row per batch size, columns p50, p95, p99 and req/s.
/// </summary>
internal static class LoadReport
{
    public static void Print(LoadSettings settings, IReadOnlyList<LoadFigures> figures)
    {
        var table = settings.Rate is { } rate ? OpenLoop(rate, figures) : ClosedLoop(figures);
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        Terminal.Out.Write(table);
        Terminal.Out.WriteLine(
            $"{settings.Connections:N0} connections, {settings.Duration.TotalSeconds:N1} s each, "
            + $"{settings.Users:N0} users with {settings.Events:N0} events; "
            + "the load generator shares this machine with all other processes on it.");
        foreach (var (path, result, _) in figures)
            Warn($"{path.Name} of {path.Entities:N0}", result);
    }

    private static Table ClosedLoop(IReadOnlyList<LoadFigures> figures)
    {
        var table = new Table().Border(TableBorder.Markdown)
            .AddColumns("path", "entities", "p50 ms", "p95 ms", "p99 ms", "req/s", "users or events/s", "errors")
            .AddColumns("saturated at", "req/s there", "p99 ms there");
        foreach (var (path, result, saturation) in figures)
        {
            table.AddRow(
                path.Name, $"{path.Entities:N0}", Milliseconds(result.P50), Milliseconds(result.P95), Milliseconds(result.P99),
                $"{result.RequestsPerSecond:N0}", $"{result.DonePerSecond:N0}", $"{result.Errors:N0}",
                saturation is null ? "-" : $"{saturation.Connections:N0} connections",
                saturation is null ? "-" : $"{saturation.Result.RequestsPerSecond:N0}",
                saturation is null ? "-" : Milliseconds(saturation.Result.P99));
        }

        return table;
    }

    private static Table OpenLoop(double rate, IReadOnlyList<LoadFigures> figures)
    {
        var table = new Table().Border(TableBorder.Markdown)
            .AddColumns("path", "entities", "p50 ms", "p95 ms", "p99 ms", "max ms", "req/s", "users or events/s", "errors")
            .AddColumns("asked req/s", "rate kept", "unsent");
        foreach (var (path, result, _) in figures)
        {
            table.AddRow(
                path.Name, $"{path.Entities:N0}", Milliseconds(result.P50), Milliseconds(result.P95), Milliseconds(result.P99),
                Milliseconds(result.Max), $"{result.RequestsPerSecond:N0}", $"{result.DonePerSecond:N0}", $"{result.Errors:N0}",
                $"{rate:#,0.#}", result.KeptRate ? "yes" : "NO", $"{result.Unsent:N0}");
        }

        return table;
    }

    private static void Warn(string path, LoadResult result)
    {
        if (result.Errors > 0)
            Terminal.Warn($"{path}: {result.Errors:N0} requests failed. The first: {result.FirstError}");
        if (!result.KeptRate)
        {
            Terminal.Warn(
                $"{path}: the rate was not kept. {result.Unsent:N0} of {result.Scheduled:N0} scheduled requests found no free connection "
                + "before the end and are in no latency. Ask for less, or for more --connections.");
        }
    }

    private static string Milliseconds(double figure) => figure.ToString(figure < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
