using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Limits;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Platform;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>From an event that is sent to a changed vector that can be read: idle, at half and at nine tenths of capacity.</summary>
internal static class FreshnessBenchmark
{
    private const int ProbedUsers = 64; // apart from those that make the load
    private const int BatchSize = 64; // windows of one run, a fixed yardstick
    private const int SpansPerPart = 3; // of the bench's span, for a p99 needs many probes
    private const double ProbesPerSecond = 30;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(.15);
    private static readonly (string Name, double Share)[] Loads = [("idle", 0), ("half", .5), ("nine_tenths", .9)];
    private static readonly (string Name, double Share)[] Shares = [("p50", .5), ("p95", .95), ("p99", .99)];

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), ReferencePackage.Served);
        await using var stores = new ServiceStores(service.Stores);
        var users = await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var probe = new FreshnessProbe(service.Server, service.Url, [.. users.Take(ProbedUsers)]);
        var capacity = new Capacity(
            bench, service, stores, [.. users.Skip(ProbedUsers)],
            span => Task.Run(() => probe.Run(ProbesPerSecond, span, bench.Cancellation)));
        var windows = await stores.FindAsync(users.Take(BatchSize), bench.Cancellation);
        using var batch = BareInference.BestOfGroups(ReferencePackage.Served, _ => [([.. windows], Bench.WindowLength)], Look);
        Bench.Tell("finding the capacity");
        await capacity.FindAsync();
        bench.Notes.Add(
            $"freshness: the capacity is {capacity.UsersPerSecond:N0} users/s from event to stored profile, ten events a request, "
            + "with the probes beside them, all of them open loops.");

        var probed = Loads.ToDictionary(l => l.Name, _ => new List<LatencyHistogram>());
        var figures = await bench.Rounds.RunAsync(
        [
            .. Loads.Select<(string Name, double Share), (string, Func<Task<double>>)>(load => (load.Name, async () =>
            {
                var latencies = await ProbeAsync(bench, probe, capacity, load.Share);
                probed[load.Name].Add(latencies);
                return latencies.Percentile(.99).TotalMilliseconds;
            })),
            ("batch", () => Task.Run(() => 1_000 * batch.SecondsPerRun(bench.Span / 2))),
        ]);
        return
        [
            figures.Ratio("freshness.p99_over_batch", "half", "batch", "ms", Goal.AtMost(4)),
            .. Loads.SelectMany(load => Percentiles(load.Name, [.. probed[load.Name].TakeLast(bench.RoundCount)])), // the rounds before them warmed up
            Metric.Of("freshness.capacity", [capacity.UsersPerSecond], "users/s"),
        ];
    }

    private static async Task<LatencyHistogram> ProbeAsync(Bench bench, FreshnessProbe probe, Capacity capacity, double share)
    {
        var span = bench.Span * SpansPerPart;
        if (share == 0)
            return await Task.Run(() => probe.Run(ProbesPerSecond, span, bench.Cancellation));
        var loading = Task.Run(() => capacity.Load(share, span * 1.2));
        var latencies = await Task.Run(() => probe.Run(ProbesPerSecond, span, bench.Cancellation));
        if (await loading is { KeptRate: false } late)
            bench.Notes.Add($"freshness: the load was not kept, {late.Unsent:N0} of {late.Scheduled:N0} requests were not sent.");
        await capacity.SettleAsync();
        return latencies;
    }

    private static IEnumerable<Metric> Percentiles(string load, IReadOnlyList<LatencyHistogram> rounds) => Shares.Select(p => Metric.Of(
        $"freshness.{load}_{p.Name}", [.. rounds.Select(r => r.Percentile(p.Share).TotalMilliseconds)], "ms", GoalOf($"{load}_{p.Name}")));

    private static Goal? GoalOf(string figure) => figure switch
    {
        "idle_p50" => Goal.AtMost(4),
        "idle_p99" => Goal.AtMost(8),
        "nine_tenths_p99" => Goal.AtMost(40),
        _ => null,
    };
}
