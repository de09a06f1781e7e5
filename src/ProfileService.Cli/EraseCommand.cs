using System.CommandLine;
using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Input;
using ProfileService.Client;
using ProfileService.Platform;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// <c>profiles erase USER… [--wait] [--url URL]</c>: erases users, and prints a receipt for each thousand as soon as it has it. <c>-</c>
/// reads ids from standard input, one a line, plain or as JSON, all before it erases.
/// </summary>
internal static class EraseCommand
{
    private const string StandardInput = "-";
    private const string NothingErased = "Nothing was erased.";
    private const int UsersPerReceipt = 1_000; // in one request
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var users = new Argument<string[]>("USER")
        {
            Description = "Ids of the users; - reads them from standard input, one a line.",
            Arity = ArgumentArity.OneOrMore,
        };
        var wait = new Option<bool>("--wait") { Description = "Waits until the users are gone from every store and memory." };
        var url = ServiceUrl.Option();
        var command = new Command("erase", "Erases all that is known of users, and prints the receipts.") { users, wait, url };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(users)?.Tokens is { Count: > 1 } ids && ids.Any(id => id.Value == StandardInput))
                parsed.AddError("- reads the ids from standard input, and stands alone: give ids or -.");
        });
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            "The erasure stopped",
            parsed.GetValue(url)!,
            () => RunAsync(parsed.GetValue(users)!, parsed.GetValue(wait), parsed.GetValue(url)!, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string[] users, bool isToWait, Uri url, CancellationToken cancellationToken)
    {
        var client = ServiceClient.WithRetries(url, Terminal.Warn);
        IReadOnlyList<string> ids = users is [StandardInput] ? ReadIds() : users;
        var (receipts, begun) = (new List<ErasureReceipt>(), 0);
        try
        {
            foreach (var chunk in ids.Chunk(UsersPerReceipt))
            {
                var receipt = await client.EraseUsersAsync(chunk, cancellationToken);
                begun += chunk.Length;
                receipts.Add(receipt);
                Print(receipt);
            }

            foreach (var receipt in isToWait ? receipts : [])
                Print(await WaitAsync(client, receipt, cancellationToken));
        }
        catch when (begun > 0)
        {
            Terminal.Warn($"{begun:N0} of {ids.Count:N0} ids are being erased, as the receipts say. Giving them again is harmless.");
            throw;
        }

        return 0;
    }

    // All before the first is erased: what is wrong at the end must not come too late.
    private static List<string> ReadIds()
    {
        var ids = new List<string>();
        foreach (var (number, line) in Lines())
        {
            ids.Add(IdOf(line) is { } id && EntityId.IsName(id) ? id : throw new CommandException(
                $"Line {number} is not an id of 1 to {EntityId.MaxLength} characters without control characters. "
                + $"An id that begins with {{ must be written as {{\"userId\":\"…\"}}. {NothingErased}"));
        }

        return ids.Count > 0 ? ids : throw new CommandException("Standard input had no ids.");
    }

    private static IReadOnlyList<(long Number, string Text)> Lines()
    {
        try
        {
            return IdLines.Read(StandardInput);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException($"{e.Message} {NothingErased}", e);
        }
    }

    /// <summary>The id of a line, which is an object as POST /v1/erasures takes it if it begins with {; null if that is another.</summary>
    private static string? IdOf(string line)
    {
        if (!line.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal))
            return line;
        try
        {
            using var parsed = JsonDocument.Parse(line);
            List<JsonProperty> members = [.. parsed.RootElement.EnumerateObject()];
            return members is [{ Name: "userId", Value.ValueKind: JsonValueKind.String } id] ? id.Value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // or half a surrogate
        {
            return null;
        }
    }

    /// <exception cref="CommandException">The receipt is not known any more.</exception>
    private static async Task<ErasureReceipt> WaitAsync(
        ProfileServiceClient client, ErasureReceipt erasure, CancellationToken cancellationToken)
    {
        var reason = erasure.WaitingFor;
        while (erasure.GoneAt is null)
        {
            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
            erasure = await client.GetErasureAsync(erasure.Receipt, cancellationToken)
                ?? throw new CommandException($"The service does not know the receipt {erasure.Receipt} any more.");
            if (erasure.WaitingFor is { } now && now != reason)
                Terminal.Warn($"{erasure.Receipt} waits: {now}");
            reason = erasure.WaitingFor;
        }

        return erasure;
    }

    private static void Print(ErasureReceipt e) => Terminal.Out.WriteLine(
        $"{e.Receipt} {e.State}: {e.Users:N0} {(e.Users == 1 ? "user" : "users")}" + (e.GoneAt is null ? "" :
            $", {e.Removed.Windows:N0} windows with {e.Removed.Events:N0} events, {e.Removed.Profiles:N0} profiles, "
            + $"{e.Removed.CachedProfiles:N0} cached, {e.Removed.Attributes:N0} with attributes, {e.Removed.Vectors:N0} vectors, "
            + $"{e.Removed.ArchivedEvents:N0} archived events; memory of {e.Removed.Processes:N0} processes clear"));
}
