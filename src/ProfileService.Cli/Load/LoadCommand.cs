using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace ProfileService.Cli.Load;

/// <summary><c>profiles load --url URL</c>: what a service does under load, path by path, and where it saturates.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var url = ServiceUrl.Option();
        var connections = Number("--connections", 32, 1, 4_096, "Connections at a time.");
        var duration = Number("--duration", 5, .1, 3_600, "Seconds that each path is measured.");
        var users = Number("--users", 10_000, 100, 1_000_000, "Users named load-000001 and on, who are given events where they have no profile.");
        var events = Number("--events", 50, 1, 1_000, "Events of each of them.");
        // As text, for the parser would leave what is neither true nor false to the command.
        var saturation = new Option<string>("--saturation")
        {
            Description = "Whether to look for the saturation point of each path, true or false.",
            DefaultValueFactory = _ => "true",
        };
        saturation.Validators.Add(result =>
        {
            if (!bool.TryParse(result.GetValueOrDefault<string>(), out _))
                result.AddError("--saturation must be true or false.");
        });
        var command = new Command("load", "Measures a running service: requests a second and latencies of lookups and of ingest, and the saturation point. Its events stay in the store.")
        {
            url, connections, duration, users, events, saturation,
        };
        command.SetAction((parsed, cancellationToken) => Work.RunAsync("The load stopped", parsed.GetValue(url), () => RunAsync(
            new LoadSettings(parsed.GetValue(url)!, parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(duration)),
                parsed.GetValue(users), parsed.GetValue(events), bool.Parse(parsed.GetValue(saturation)!)),
            cancellationToken)));
        return command;
    }

    private static Option<T> Number<T>(string name, T value, T least, T most, string description)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => value,
            CustomParser = result => T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : Refuse<T>(result, string.Create(CultureInfo.InvariantCulture, $"{name} must be {least:#,0.#} to {most:#,0.#}.")),
        };

    private static T Refuse<T>(ArgumentResult result, string reason)
        where T : struct
    {
        result.AddError(reason);
        return default;
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
