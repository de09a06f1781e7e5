using System.CommandLine;

namespace ProfileService.Cli;

/// <summary><c>profiles replay FILE --url URL</c>: sends an event file to a service.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("FILE")
        {
            Description = "The event file, a pipe, or - for standard input, packed by gzip or not; the folder of the data set with --format movielens-100k.",
        };
        var format = new Option<string>("--format")
        {
            Description = "events: NDJSON, one event a line, or a JSON array. movielens-100k: u.data and u.item. sequences: a line a user, then items in the order of time.",
            DefaultValueFactory = _ => EventFile.Ndjson,
        };
        var url = ServiceUrl.Option();
        var command = new Command("replay", "Sends an event file to a service; sending it again is harmless. The exit code is 0 if no event was rejected.") { path, format, url };
        command.SetAction((parsed, cancellationToken) =>
        {
            var service = parsed.GetValue(url)!;
            return Work.RunAsync("Replay stopped", service, () => RunAsync(parsed.GetValue(format)!, parsed.GetValue(path)!, service, cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(string format, string path, Uri url, CancellationToken cancellationToken)
    {
        var file = EventFile.Open(format, path);
        await ServiceClient.CheckAsync(url, cancellationToken);
        return (await Replay.RunAsync(file, url, TimeProvider.System, cancellationToken)).Print();
    }
}
