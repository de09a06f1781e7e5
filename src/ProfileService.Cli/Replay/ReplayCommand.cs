using System.CommandLine;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;

namespace ProfileService.Cli.Replay;

/// <summary><c>profiles replay FILE --url URL</c>: sends an event file to a service.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("FILE")
        {
            Description = "The event file, a pipe, or - for standard input, which may be gzip; "
                + "with --format movielens-100k, the folder of the data set.",
        };
        var format = new Option<string>("--format")
        {
            Description = "events: NDJSON, one event per line, or a JSON array. movielens-100k: u.data and u.item. "
                + "sequences: one line per user, with the user and then the items in order of time.",
            DefaultValueFactory = _ => EventFile.Ndjson,
        };
        var items = new Option<string?>("--items")
        {
            Description = "A file of items, one JSON object a line, to send before the events, so that these have categories and prices.",
        };
        var now = NowOption();
        var url = ServiceUrl.Option();
        var command = new Command(
            "replay", "Sends an event file to a service; sending it again is harmless. The exit code is 0 if no event was rejected.")
        {
            path, format, items, now, url,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var service = parsed.GetValue(url)!;
            return CommandRunner.RunAsync(
                "Replay stopped",
                service,
                () => RunAsync(
                    Open(parsed.GetValue(format)!, parsed.GetValue(path)!, parsed.GetValue(now)),
                    parsed.GetValue(items),
                    service,
                    cancellationToken));
        });
        return command;
    }

    /// <summary>The option that moves the times of the events.</summary>
    public static Option<bool> NowOption() => new("--now")
    {
        Description = "Moves the times of all events alike, so that the last event is now. "
            + "Events without an id that are sent again are new ones.",
    };

    /// <summary>The events, moved if <see cref="NowOption"/> says so.</summary>
    public static EventFile Open(string format, string path, bool now) => now
        ? MovedTimes.ToNow(() => EventFile.Open(format, path), TimeProvider.System.GetUtcNow())
        : EventFile.Open(format, path);

    private static async Task<int> RunAsync(EventFile file, string? items, Uri url, CancellationToken cancellationToken)
    {
        await ServiceClient.CheckAsync(url, cancellationToken);
        if (items is not null)
            await ItemUpload.SendAsync(items, ServiceClient.WithRetries(url), cancellationToken);
        return (await ReplayRun.RunAsync(file, url, TimeProvider.System, cancellationToken)).Print();
    }
}
