using System.CommandLine;

namespace ProfileService.Cli.Load;

/// <summary><c>profiles load --url URL</c>: what a service does under load, path by path, and where it saturates.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var url = ServiceUrl.Option();
        var connections = Number("--connections", 32, 1, 4_096, "Connections at a time.");
        var duration = new Option<double>("--duration") { Description = "Seconds that each path is measured; 5 unless named.", DefaultValueFactory = _ => 5 };
        duration.Validators.Add(result => Check(result.GetValueOrDefault<double>() is >= .1 and <= 3_600, result, "--duration must be 0.1 to 3,600 seconds."));
        var users = Number("--users", 10_000, 100, 1_000_000, "Users named load-000001 and on, who are given events where they have no profile.");
        var events = Number("--events", 50, 1, 1_000, "Events of each of them.");
        var saturation = new Option<bool>("--saturation") { Description = "Whether to look for the saturation point of each path.", DefaultValueFactory = _ => true };
        var command = new Command("load", "Measures a running service: requests a second and latencies of lookups and of ingest, and the saturation point. Its events stay in the store.")
        {
            url, connections, duration, users, events, saturation,
        };
        command.SetAction((parsed, cancellationToken) => Work.RunAsync("The load stopped", parsed.GetValue(url), () => RunAsync(
            new LoadSettings(parsed.GetValue(url)!, parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(duration)),
                parsed.GetValue(users), parsed.GetValue(events), parsed.GetValue(saturation)),
            cancellationToken)));
        return command;
    }

    private static Option<int> Number(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = $"{description} {value:N0} unless named.", DefaultValueFactory = _ => value };
        option.Validators.Add(result => Check(result.GetValueOrDefault<int>() >= least && result.GetValueOrDefault<int>() <= most, result, $"{name} must be {least:N0} to {most:N0}."));
        return option;
    }

    private static void Check(bool holds, System.CommandLine.Parsing.OptionResult result, string otherwise)
    {
        if (!holds)
            result.AddError(otherwise);
    }

    private static async Task<int> RunAsync(LoadSettings settings, CancellationToken cancellationToken)
    {
        var figures = await LoadSession.RunAsync(settings, cancellationToken);
        LoadReport.Print(settings, figures);
        return figures.All(f => f.Result.Errors == 0) ? 0 : 1;
    }
}

/// <summary>What to measure and how.</summary>
internal sealed record LoadSettings(Uri Url, int Connections, TimeSpan Duration, int Users, int Events, bool FindsSaturation);

/// <summary>What a path came to.</summary>
/// <param name="Saturation">Null where it was not looked for.</param>
internal sealed record LoadFigures(LoadPath Path, LoadResult Result, Saturation? Saturation);
