using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Cli.Replay;
using ProfileService.Client;

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
        if (File.Exists(users))
            await Upload.PutAsync(users, "users' attributes", () => client.PutAttributesBatchAsync(ReadUsers(users), cancellationToken));
    }

    // Other fields of a line, such as a user's true interests, are not sent.
    private static IEnumerable<AttributesEntry> ReadUsers(string file)
    {
        foreach (var (number, line) in EventFile.Open(EventFile.Ndjson, file).Lines)
        {
            yield return Parse(line) ?? throw new InvalidDataException(
                $"{file} line {number}: not userId and attributes, each of them a text, a number, or true or false.");
        }
    }

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
