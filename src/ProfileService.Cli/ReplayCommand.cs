using System.CommandLine;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary><c>profiles replay FILE --url URL</c>: sends an event file to a service.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("FILE") { Description = "The event file; the folder of the data set with --format movielens-100k." };
        var format = new Option<string>("--format") { Description = "events: NDJSON, one event a line. movielens-100k: u.data and u.item. sequences: a line a user, then items in the order of time.", DefaultValueFactory = _ => EventFile.Ndjson };
        var url = ServiceUrl.Option();
        var command = new Command("replay", "Sends an event file to a service; sending it again is harmless.") { path, format, url };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(format)!, parsed.GetValue(path)!, parsed.GetValue(url)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string format, string path, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            var report = await Replay.RunAsync(EventFile.Open(format, path), url, TimeProvider.System, cancellationToken);
            report.Print();
            return 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException || ServiceClient.Explain(e, url) is not null)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]Replay stopped:[/] {ServiceClient.Explain(e, url) ?? e.Message}");
            return 1;
        }
    }
}
