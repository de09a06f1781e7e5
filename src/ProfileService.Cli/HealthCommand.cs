using System.CommandLine;
using System.Net;
using System.Text.Json;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary><c>profiles health --url URL</c>: whether a service is ready, for people and for a container's health check.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = ServiceUrl.Option();
        var command = new Command("health", "Tells whether a service is ready, check by check; the exit code is 0 where it is.") { url };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(url)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new HttpClient { BaseAddress = url, Timeout = LongestWait };
            using var response = await client.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
            Print(JsonElement.Parse(await response.Content.ReadAsStringAsync(cancellationToken)).GetProperty("checks"));
            return response.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }
        catch (HttpRequestException e)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]No service answers at {url}:[/] {e.Message.TrimEnd('.')}. Start it, or name its address with --url.");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]The service at {url} did not answer within {LongestWait.TotalSeconds:N0} s;[/] its log says why.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]What answers at {url} is no ProfileService:[/] {e.Message}");
        }

        return 1;
    }

    private static void Print(JsonElement checks)
    {
        foreach (var check in checks.EnumerateObject())
        {
            var status = check.Value.GetProperty("status").GetString();
            AnsiConsole.WriteLine($"{check.Name}: {status} {check.Value.GetProperty("description").GetString()}".TrimEnd());
        }
    }
}
