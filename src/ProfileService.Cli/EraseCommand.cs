using System.CommandLine;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// <c>profiles erase USER… [--wait] [--url URL]</c>: erases users, and prints a receipt for each thousand. <c>-</c> reads ids from
/// standard input, one a line.
/// </summary>
internal static class EraseCommand
{
    private const string StandardInput = "-";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

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
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            "The erasure stopped",
            parsed.GetValue(url)!,
            () => RunAsync(parsed.GetValue(users)!, parsed.GetValue(wait), parsed.GetValue(url)!, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string[] users, bool isToWait, Uri url, CancellationToken cancellationToken)
    {
        var client = ServiceClient.WithRetries(url, Terminal.Warn);
        foreach (var erasure in await client.EraseUsersAsync(users is [StandardInput] ? ReadIds() : users, cancellationToken))
            Print(isToWait ? await WaitAsync(client, erasure, cancellationToken) : erasure);
        return 0;
    }

    private static IEnumerable<string> ReadIds()
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }

    /// <exception cref="CommandException">The receipt is not known any more.</exception>
    private static async Task<ErasureReceipt> WaitAsync(
        ProfileServiceClient client, ErasureReceipt erasure, CancellationToken cancellationToken)
    {
        var reason = erasure.WaitingFor;
        while (erasure.GoneAt is null)
        {
            await Task.Delay(BetweenLooks, TimeProvider.System, cancellationToken);
            erasure = await client.GetErasureAsync(erasure.Receipt, cancellationToken)
                ?? throw new CommandException($"The service does not know the receipt {erasure.Receipt} any more.");
            if (erasure.WaitingFor is { } now && now != reason)
                Terminal.Warn($"{erasure.Receipt} waits: {now}");
            reason = erasure.WaitingFor;
        }

        return erasure;
    }

    private static void Print(ErasureReceipt e) => Terminal.Out.WriteLine(
        $"{e.Receipt} {e.State}: {e.Users:N0} users" + (e.GoneAt is null ? "" :
            $", {e.Removed.Windows:N0} windows with {e.Removed.Events:N0} events, {e.Removed.Profiles:N0} profiles, "
            + $"{e.Removed.CachedProfiles:N0} cached, {e.Removed.Attributes:N0} with attributes, {e.Removed.Vectors:N0} vectors, "
            + $"{e.Removed.ArchivedEvents:N0} archived events; memory of {e.Removed.Processes:N0} processes clear"));
}
