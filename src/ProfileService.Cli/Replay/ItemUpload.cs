using System.Text;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli.Replay;

/// <summary>Sends a file of items, one a line, as <c>POST /v1/items</c> takes them.</summary>
internal static class ItemUpload
{
    /// <exception cref="CommandException">The service does not accept an item.</exception>
    public static async Task SendAsync(string file, ProfileServiceClient client, CancellationToken cancellationToken)
    {
        var sent = 0L;
        foreach (var batch in ReplayRun.Batches(EventFile.Open(EventFile.Ndjson, file).Lines))
        {
            var body = Encoding.UTF8.GetBytes(string.Join('\n', batch.Select(l => l.Json)));
            var lines = Array.ConvertAll(batch, l => l.Number);
            sent += await Upload.PutAsync(file, "items", lines, () => client.PutItemLinesAsync(body, cancellationToken));
        }

        Terminal.Out.WriteLine($"{sent:N0} items");
    }
}
