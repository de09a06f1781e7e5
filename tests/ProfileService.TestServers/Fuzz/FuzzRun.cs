using System.Text.Json;
using ProfileService.TestServers.Common;
using ProfileService.TestServers.Processes;

namespace ProfileService.TestServers.Fuzz;

/// <summary>Drawn requests against the built service on SQLite, as a newcomer has it, over several connections at once.</summary>
internal static class FuzzRun
{
    private const int Connections = 4;

    private static readonly string[] Settings = ["--urls=http://127.0.0.1:0", "--Cors:Origins:0=https://shop.example", "--Lookup:FreshTimeout=00:00:00.5",
        "--Logging:LogLevel:Default=Critical", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information"];

    /// <param name="slow">What no answer may take; null where the machine's speed is not to count.</param>
    /// <returns>What was seen, and the most memory that the service had.</returns>
    public static async Task<(FuzzTotals Totals, long Memory)> RunAsync(int count, int seed, string folder, TimeSpan? slow,
        CancellationToken cancellationToken)
    {
        using var data = new TempDirectory();
        using var service = await ChildProcess.StartAsync(
            Repository.Program("ProfileService", "ProfileService.dll"),
                [.. Settings, $"--Data:Directory={data.Path}", $"--Model:Package={Repository.TinyPackage}"]);
        using var client = new HttpClient { BaseAddress = service.Address };
        var document = JsonElement.Parse(await client.GetStringAsync(new Uri("swagger/v1/swagger.json", UriKind.Relative),
            cancellationToken));
        var totals = new FuzzTotals(folder);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(i => Task.Factory.StartNew(
            () => Connection(i).Run((count / Connections) + (i < count % Connections ? 1 : 0), cancellationToken),
                TaskCreationOptions.LongRunning)));
        await client.ReadyAsync(200); // it lives, and can still take events in
        return (totals, service.PeakWorkingSet);

        FuzzConnection Connection(int i)
        {
            var drawn = new Drawn((seed * 1_000) + i);
            return new FuzzConnection(service.EndPoint, new RequestDraw(document, service.EndPoint.ToString(), drawn), drawn, totals, slow);
        }
    }
}
