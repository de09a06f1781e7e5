using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary><c>profiles demo FILE --url URL</c>: waits for a service, fills it with demo events where it is empty, and shows a profile.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The demo events, NDJSON." };
        var url = ServiceUrl.Option();
        var command = new Command("demo", "Fills a service with demo events where it is empty, and shows a profile.") { file, url };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(file)!, parsed.GetValue(url)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string file, Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };
            if ((await StatusAsync(client, _ => true, cancellationToken)).GetProperty("empty").GetBoolean())
            {
                AnsiConsole.WriteLine("The store is empty: sending the demo events.");
                (await Replay.RunAsync(EventFile.Open(EventFile.Ndjson, file), client, TimeProvider.System, cancellationToken)).Print();
            }

            await StatusAsync(client, status => status.GetProperty("due").GetInt64() == 0, cancellationToken);
            await ShowAsync(client, UserOf(file), cancellationToken);
            return 0;
        }
        catch (JsonException e)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]What answers at {url} is no ProfileService:[/] {e.Message}");
            return 1;
        }
        catch (Exception e) when (e is IOException or ReplayException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]The demo stopped:[/] {e.Message}");
            return 1;
        }
    }

    /// <summary>Polls <c>/v1/status</c> until it answers and fits.</summary>
    private static async Task<JsonElement> StatusAsync(HttpClient client, Func<JsonElement, bool> fits, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < LongestStart)
        {
            try
            {
                var status = JsonElement.Parse(await client.GetStringAsync(new Uri("v1/status", UriKind.Relative), cancellationToken));
                if (fits(status))
                    return status;
            }
            catch (HttpRequestException)
            {
                // not listening yet
            }

            await Task.Delay(BetweenLooks, TimeProvider.System, cancellationToken);
        }

        throw new ReplayException($"The service at {client.BaseAddress} was not ready within {LongestStart.TotalSeconds:N0} s; its log says why.");
    }

    private static string UserOf(string file) =>
        JsonElement.Parse(File.ReadLines(file).First()).GetProperty("userId").GetString()!;

    private static async Task ShowAsync(HttpClient client, string userId, CancellationToken cancellationToken)
    {
        var path = $"v1/users/{Uri.EscapeDataString(userId)}/profile";
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        Console.WriteLine();
        Console.WriteLine($"GET {client.BaseAddress}{path}");
        Console.WriteLine(response.IsSuccessStatusCode
            ? await response.Content.ReadAsStringAsync(cancellationToken)
            : "The store holds other users than the demo's.");
        Console.WriteLine();
        Console.WriteLine($"Swagger {client.BaseAddress}swagger");
    }
}
