using System.CommandLine;

namespace ProfileService.Cli;

/// <summary><c>profiles export USER [--output FILE] [--url URL]</c>: writes all that is known of a user, one JSON object a line.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var user = new Argument<string>("USER") { Description = "Id of the user." };
        var output = new Option<FileInfo?>("--output")
        {
            Description = "File to write, readable by its owner alone; standard output if left out. It appears when the export is whole.",
            HelpName = "FILE",
        };
        var url = ServiceUrl.Option();
        var command = new Command("export", "Writes all that is known of a user, one JSON object a line.") { user, output, url };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            "The export stopped",
            parsed.GetValue(url)!,
            () => RunAsync(parsed.GetValue(user)!, parsed.GetValue(output), parsed.GetValue(url)!, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string userId, FileInfo? output, Uri url, CancellationToken cancellationToken)
    {
        var lines = ServiceClient.WithRetries(url, Terminal.Warn).ExportUserAsync(userId, cancellationToken);
        if (output is not null)
        {
            await ExportFile.WriteAsync(output, lines);
            return 0;
        }

        await foreach (var line in lines)
            await Console.Out.WriteLineAsync(line.GetRawText());
        return 0;
    }
}
