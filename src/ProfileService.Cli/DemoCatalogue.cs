using System.Net;
using System.Text;
using System.Text.Json;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// Sends the files in the folder of the demo events: <c>items.ndjson</c>, the items, and <c>users.ndjson</c>, the users' attributes.
/// </summary>
internal static class DemoCatalogue
{
    private const string Items = "items.ndjson";
    private const string Users = "users.ndjson";
    private const int LinesPerRequest = 1_000;

    /// <summary>Sends the files that exist.</summary>
    /// <exception cref="CommandException">The service does not accept the data.</exception>
    /// <exception cref="InvalidDataException">A line of <c>users.ndjson</c> is invalid.</exception>
    public static async Task SendAsync(string folder, ProfileServiceClient client, CancellationToken cancellationToken)
    {
        var (items, users) = (Path.Combine(folder, Items), Path.Combine(folder, Users));
        if (File.Exists(items))
            await SendItemsAsync(items, client, cancellationToken);
        if (File.Exists(users))
            await PutAsync(users, "users' attributes", () => client.PutAttributesBatchAsync(ReadUsers(users), cancellationToken));
    }

    private static async Task SendItemsAsync(string file, ProfileServiceClient client, CancellationToken cancellationToken)
    {
        foreach (var lines in EventFile.Open(EventFile.Ndjson, file).Lines.Select(l => l.Json).Chunk(LinesPerRequest))
        {
            var body = Encoding.UTF8.GetBytes(string.Join('\n', lines));
            await PutAsync(file, "items", () => client.PutItemLinesAsync(body, cancellationToken));
        }
    }

    private static async Task PutAsync(string file, string what, Func<Task<BatchSummary>> put)
    {
        try
        {
            var result = await put();
            if (result.Rejected > 0)
            {
                throw new CommandException(
                    $"{result.Rejected:N0} of the {what} in {file} were rejected. The first: {result.Problems[0].Detail}");
            }

            Terminal.Out.WriteLine($"{result.Accepted:N0} {what}");
        }
        catch (ProfileServiceException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            throw new CommandException(
                $"The service does not support {what} (status {(int)e.Status}): it is older than this command. "
                + $"Update it, or move {file} away to continue without.",
                e);
        }
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
