using System.Globalization;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;
using ProfileService.Client;
using ProfileService.Platform;

namespace ProfileService.Benchmarks.LongRuns;

/// <summary>
/// How long a user who is to be erased is still there: from the request to the receipt that says gone, one user at a time, while events of
/// the others come in and are archived and refreshed.
/// </summary>
internal static class EraseBenchmark
{
    private const double GoalMilliseconds = 1_000;
    private const int EventsPerSecond = 5_000; // beside the erasures
    private const int WarmUp = 5; // erasures that are not measured
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench, int erasures, int schedules)
    {
        var latencies = await MeasureAsync(bench, erasures);
        return schedules == 0 ? latencies : [.. latencies, await ErasureTestRun.RunAsync(bench, schedules)];
    }

    private static async Task<IReadOnlyList<Metric>> MeasureAsync(Bench bench, int erasures)
    {
        var stores = await bench.Servers.NewStoresAsync();
        using var service = await ServiceUnderTest.StartAsync(stores, ReferencePackage.Served, "--Events:Archive=Postgres");
        var users = await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var (erased, others) = ((string[])[.. users.Take(erasures)], (string[])[.. users.Skip(erasures + WarmUp)]);
        await EraseAsync(service, [.. users.Skip(erasures).Take(WarmUp)], bench.Cancellation); // the first ones compile queries
        var idle = await EraseAsync(service, erased[..(erasures / 4)], bench.Cancellation);

        var path = LoadPath.Ingest(service.Url, others, "erase", Bench.EventsPerRequest, HttpRequest.Json);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(bench.Cancellation);
        // Not disposed of: the threads of the load use it until they notice.
        var load = Task.Run(() => new LoadRun(service.Server, TimeProvider.System).Run(
            i => path.Source(i, Bench.Connections), Bench.Connections, TimeSpan.Zero, Longest, EventsPerSecond / Bench.EventsPerRequest, stop.Token));
        var busy = await EraseAsync(service, erased[(erasures / 4)..], bench.Cancellation);
        await stop.CancelAsync();
        await ((Task)load).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"Erase: {bench.Users:N0} users of {Bench.WindowLength} events; {idle.Count} erasures without load, {busy.Count} while {EventsPerSecond:N0} events/s came in, were archived and refreshed."));
        return
        [
            Metric.Of("erase.idle_p50", [idle.Percentile(.5).TotalMilliseconds], "ms", null),
            Metric.Of("erase.idle_p99", [idle.Percentile(.99).TotalMilliseconds], "ms", null),
            Metric.Of("erase.busy_p50", [busy.Percentile(.5).TotalMilliseconds], "ms", null),
            Metric.Of("erase.busy_p99", [busy.Percentile(.99).TotalMilliseconds], "ms", Goal.AtMost(GoalMilliseconds)),
        ];
    }

    private static async Task<LatencyHistogram> EraseAsync(ServiceUnderTest service, IReadOnlyList<string> users, CancellationToken cancellationToken)
    {
        Bench.Tell($"erasing {users.Count:N0} users");
        var (client, latencies, time) = (ProfileServiceClient.Create(service.Url), new LatencyHistogram(), TimeProvider.System);
        foreach (var user in users)
        {
            var began = time.GetTimestamp();
            var erasure = await client.EraseUserAsync(user, cancellationToken);
            while (erasure.GoneAt is null)
            {
                await Task.Delay(PollInterval, time, cancellationToken);
                erasure = (await client.GetErasureAsync(erasure.Receipt, cancellationToken))!;
            }

            latencies.Record(time.GetElapsedTime(began));
        }

        return latencies;
    }
}
