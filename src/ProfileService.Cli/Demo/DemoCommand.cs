using System.CommandLine;
using System.Net;
using System.Text.Json;
using ProfileService.Cli.CommandLine;
using ProfileService.Cli.Data;
using ProfileService.Cli.Replay;
using ProfileService.Client;
using Spectre.Console;

namespace ProfileService.Cli.Demo;

/// <summary>
/// <c>profiles demo FILE --url URL</c>: waits for a service, sends the demo data if it is empty, and shows a profile. Sends items.ndjson
/// and users.ndjson from the folder of the events first.
/// </summary>
internal static class DemoCommand
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The demo events, NDJSON." };
        var now = ReplayCommand.NowOption();
        var url = ServiceUrl.Option();
        var command = new Command("demo", "Sends the demo data to a service if it is empty, and shows a profile.") { file, now, url };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            "The demo stopped",
            parsed.GetValue(url),
            () => RunAsync(parsed.GetValue(file)!, parsed.GetValue(now), parsed.GetValue(url)!, cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string file, bool now, Uri url, CancellationToken cancellationToken)
    {
        var user = UserOf(file);
        var client = ServiceClient.WithTimeout(url, LongestStart);
        var isEmpty = (await StatusAsync(client, url, _ => true, cancellationToken)).Empty;
        if (!isEmpty)
        {
            Terminal.Out.WriteLine("The store is not empty: nothing is sent"
                + (now ? ", and --now moves nothing that is in it. Start the service on an empty one for that." : "."));
        }

        var exitCode = isEmpty ? await FillAsync(file, now, url, cancellationToken) : 0;
        await StatusAsync(client, url, status => status.Due == 0, cancellationToken);
        await ShowAsync(client, url, user, cancellationToken);
        return exitCode;
    }

    /// <summary>Polls the status until the service responds and the status meets the condition.</summary>
    private static async Task<ServiceStatus> StatusAsync(
        ProfileServiceClient client, Uri url, Func<ServiceStatus, bool> condition, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < LongestStart)
        {
            try
            {
                var status = await client.GetStatusAsync(cancellationToken);
                if (condition(status))
                    return status;
            }
            catch (Exception e) when (e is HttpRequestException or ProfileServiceException { Status: HttpStatusCode.ServiceUnavailable })
            {
                // The service does not listen yet, or is not ready.
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }

        throw new CommandException(
            $"The service at {url} was not ready within {LongestStart.TotalSeconds:N0} s; its log gives the reason.");
    }

    private static async Task<int> FillAsync(string file, bool now, Uri url, CancellationToken cancellationToken)
    {
        Terminal.Out.WriteLine("The store is empty: sending the demo.");
        var events = ReplayCommand.Open(EventFile.Ndjson, file, now);
        await DemoCatalogue.SendAsync(Path.GetDirectoryName(Path.GetFullPath(file))!, ServiceClient.WithRetries(url), cancellationToken);
        return (await ReplayRun.RunAsync(events, url, TimeProvider.System, cancellationToken)).Print();
    }

    /// <summary>The user whose profile is shown: the user of the first event.</summary>
    private static string UserOf(string file)
    {
        var first = EventFile.Open(EventFile.Ndjson, file).Lines.Select(l => l.Json).FirstOrDefault()
            ?? throw new CommandException($"{file} contains no events.");
        try
        {
            return JsonElement.Parse(first).GetProperty("userId").GetString() ?? throw new InvalidOperationException("It is null.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandException($"{file} does not begin with an event that has a userId.", e);
        }
    }

    private static async Task ShowAsync(ProfileServiceClient client, Uri url, string userId, CancellationToken cancellationToken)
    {
        var profile = await client.GetProfileAsync(userId, cancellationToken: cancellationToken);
        Console.WriteLine();
        Console.WriteLine($"GET {url}v1/users/{Uri.EscapeDataString(userId)}/profile");
        foreach (var line in profile is null ? ["The store contains other users than the demo's."] : ProfileText.Of(profile))
            Console.WriteLine(line);
        Console.WriteLine();
        Console.WriteLine($"Console {url}");
        Console.WriteLine($"Swagger {url}swagger");
    }
}
