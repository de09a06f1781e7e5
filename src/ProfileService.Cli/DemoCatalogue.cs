using System.Net;
using System.Text;
using System.Text.Json;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>What lies beside the demo events: <c>items.ndjson</c>, what the items are, and <c>users.ndjson</c>, the users' attributes.</summary>
internal static class DemoCatalogue
{
    private const string Items = "items.ndjson";
    private const string Users = "users.ndjson";
    private const int LinesOfARequest = 1_000;

    /// <summary>Sends what there is of it.</summary>
    /// <exception cref="CommandException">The service does not take it.</exception>
    /// <exception cref="InvalidDataException">A line of the users is something else.</exception>
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
        foreach (var lines in EventFile.Open(EventFile.Ndjson, file).Lines.Select(l => l.Json).Chunk(LinesOfARequest))
            await PutAsync(file, "items", () => client.PutItemLinesAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), cancellationToken));
    }

    private static async Task PutAsync(string file, string what, Func<Task<BatchSummary>> put)
    {
        try
        {
            var result = await put();
            if (result.Rejected > 0)
                throw new CommandException($"{result.Rejected:N0} of the {what} in {file} are rejected. The first: {result.Problems[0].Detail}");
            Terminal.Out.WriteLine($"{result.Accepted:N0} {what}");
        }
        catch (ProfileServiceException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            throw new CommandException($"The service takes no {what} (it answers {(int)e.Status}): it is older than this command. Update it, or move {file} away to go without.", e);
        }
    }

    // The hidden truth beside the attributes stays here.
    private static IEnumerable<AttributesEntry> ReadUsers(string file)
    {
        foreach (var (number, line) in EventFile.Open(EventFile.Ndjson, file).Lines)
            yield return Parse(line) ?? throw new InvalidDataException($"{file} line {number}: not userId and attributes, each of them a text, a number, or true or false.");
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
            return null; // told with its number
        }
    }
}
