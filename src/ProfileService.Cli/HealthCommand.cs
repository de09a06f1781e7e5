using System.CommandLine;
using ProfileService.Cli.CommandLine;
using Spectre.Console;

namespace ProfileService.Cli;

/// <summary>
/// <c>profiles health --url URL</c>: reports whether a service is ready. Used by people, and by a container's health check, which takes the
/// address from the environment.
/// </summary>
internal static class HealthCommand
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(8); // less than the timeout of the image's health check

    public static Command Create()
    {
        var url = ServiceUrl.Option(LocalService.FindUrl);
        var command = new Command("health", "Reports whether a service is ready, check by check. The exit code is 0 if it is.") { url };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(url)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            var health = await ServiceClient.WithTimeout(url, LongestWait).GetHealthAsync(cancellationToken)
                .WaitAsync(LongestWait, TimeProvider.System, cancellationToken); // for head and body together
            foreach (var (name, check) in health.Checks)
                AnsiConsole.WriteLine($"{name}: {check.Status} {check.Description}".TrimEnd());
            return health.IsReady ? 0 : 1;
        }
        catch (TimeoutException)
        {
            Terminal.Fail(ServiceClient.NotInTime(url));
        }
        catch (Exception e) when (ServiceClient.Explain(e, url) is not null)
        {
            Terminal.Fail(ServiceClient.Explain(e, url)!);
        }

        return 1;
    }
}
