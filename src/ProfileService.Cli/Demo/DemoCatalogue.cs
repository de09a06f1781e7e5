using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Cli.Replay;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli.Demo;

/// <summary>
/// Sends the files in the folder of the demo events: <c>items.ndjson</c>, the items, and <c>users.ndjson</c>, the users' attributes.
/// </summary>
internal static class DemoCatalogue
{
    private const string Items = "items.ndjson";
    private const string Users = "users.ndjson";

    /// <summary>Sends the files that exist.</summary>
    /// <exception cref="CommandException">The service does not accept the data.</exception>
    /// <exception cref="InvalidDataException">A line of <c>users.ndjson</c> is invalid.</exception>
    public static async Task SendAsync(string folder, ProfileServiceClient client, CancellationToken cancellationToken)
    {
        var (items, users) = (Path.Combine(folder, Items), Path.Combine(folder, Users));
        if (File.Exists(items))
            await ItemUpload.SendAsync(items, client, cancellationToken);
        if (!File.Exists(users))
            return;
        var entries = ReadUsers(users).ToList();
        var sent = await Upload.PutAsync(
            users,
            "users' attributes",
            [.. entries.Select(e => e.Line)],
            () => client.PutAttributesBatchAsync(entries.Select(e => e.Entry), cancellationToken));
        Terminal.Out.WriteLine($"{sent:N0} users' attributes");
    }

    // Other fields of a line, such as a user's true interests, are not sent.
    private static IEnumerable<(long Line, AttributesEntry Entry)> ReadUsers(string file) =>
        EventFile.Open(EventFile.Ndjson, file).Lines.Select(l => (l.Number, Parse(l.Json) ?? throw new InvalidDataException(
            $"{file} line {l.Number}: not userId and attributes, each of them a text, a number, or true or false.")));

    private static AttributesEntry? Parse(string line)
    {
        try
        {
            var read = JsonSerializer.Deserialize<AttributesEntry>(line, JsonSerializerOptions.Web);
            return read is { UserId: not null, Attributes: not null } ? read : null;
        }
        catch (JsonException)
        {
            return null; // the caller reports the line number
        }
    }
}
