using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace ProfileService.Cli.Load;

/// <summary>
/// <c>profiles load --url URL</c>: measures a service under load, for each kind of request, and finds its saturation points.
/// </summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var url = ServiceUrl.Option();
        var connections = Number("--connections", 32, 1, 4_096, "Concurrent connections.");
        var duration = Number("--duration", 5, .1, 3_600, "Measuring time of each kind of request, in seconds.");
        var users = Number(
            "--users",
            10_000,
            100,
            1_000_000,
            "Number of users, named load-000001 and so on. Events are sent for users without a profile.");
        var events = Number("--events", 50, 1, 1_000, "Events per user.");
        // Read as text, because the parser would treat other words than true and false as separate arguments.
        var saturation = new Option<string>("--saturation")
        {
            Description = "Whether to find the saturation point of each kind of request, true or false.",
            DefaultValueFactory = _ => "true",
        };
        saturation.Validators.Add(result =>
        {
            if (!bool.TryParse(result.GetValueOrDefault<string>(), out _))
                result.AddError("--saturation must be true or false.");
        });
        var command = new Command(
            "load",
            "Measures a running service: requests per second and latencies of lookups and ingest, and the saturation points. "
            + "The events that it sends stay in the store.")
        {
            url, connections, duration, users, events, saturation,
        };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync("The load stopped", parsed.GetValue(url), () => RunAsync(
            new LoadSettings(parsed.GetValue(url)!, parsed.GetValue(connections), TimeSpan.FromSeconds(parsed.GetValue(duration)),
                parsed.GetValue(users), parsed.GetValue(events), bool.Parse(parsed.GetValue(saturation)!)),
            cancellationToken)));
        return command;
    }

    private static Option<T> Number<T>(string name, T value, T min, T max, string description)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            DefaultValueFactory = _ => value,
            CustomParser = result =>
                T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
                    ? number
                    : Refuse<T>(result, string.Create(CultureInfo.InvariantCulture, $"{name} must be {min:#,0.#} to {max:#,0.#}.")),
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

/// <summary>The options of the command.</summary>
internal sealed record LoadSettings(Uri Url, int Connections, TimeSpan Duration, int Users, int Events, bool FindsSaturation);

/// <summary>The figures of one path.</summary>
/// <param name="Saturation">Null if it was not requested.</param>
internal sealed record LoadFigures(LoadPath Path, LoadResult Result, Saturation? Saturation);
