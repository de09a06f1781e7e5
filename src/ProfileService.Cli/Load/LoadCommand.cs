using System.CommandLine;
using ProfileService.Cli.CommandLine;

namespace ProfileService.Cli.Load;

/// <summary>
/// <c>profiles load --url URL</c>: measures a service under load, for each kind of request, and finds its saturation points or, with
/// <c>--rate</c>, what it answers at a given rate.
/// </summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var options = new LoadOptions();
        var command = new Command(
            "load",
            "Measures a running service: requests per second and latencies of lookups and ingest, and the saturation points; with --rate "
            + "the latencies at that rate. The events that it sends stay in the store. Exit status 1 if a request failed or the rate was "
            + "not kept.");
        foreach (var option in options.All)
            command.Add(option);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            "The load stopped", parsed.GetValue(options.Url), () => RunAsync(options.Read(parsed), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(LoadSettings settings, CancellationToken cancellationToken)
    {
        var figures = await LoadSession.RunAsync(settings, cancellationToken);
        LoadReport.Print(settings, figures);
        return figures.All(f => f.Result is { Errors: 0, KeptRate: true }) ? 0 : 1;
    }
}

/// <summary>The figures of one path.</summary>
/// <param name="Saturation">Null if it was not requested.</param>
internal sealed record LoadFigures(LoadPath Path, LoadResult Result, Saturation? Saturation);
