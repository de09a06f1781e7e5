using System.Text;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Client;

namespace ProfileService.Cli.Replay;

/// <summary>Sends a file of items, one a line, as <c>POST /v1/items</c> takes them.</summary>
internal static class ItemUpload
{
    private const int LinesPerRequest = 1_000;

    /// <exception cref="CommandException">The service does not accept an item.</exception>
    public static async Task SendAsync(string file, ProfileServiceClient client, CancellationToken cancellationToken)
    {
        foreach (var lines in EventFile.Open(EventFile.Ndjson, file).Lines.Select(l => l.Json).Chunk(LinesPerRequest))
        {
            var body = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            await Upload.PutAsync(file, "items", () => client.PutItemLinesAsync(body, cancellationToken));
        }
    }
}
