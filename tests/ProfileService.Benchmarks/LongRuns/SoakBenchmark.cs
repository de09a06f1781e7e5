using System.Globalization;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.LongRuns;

/// <summary>Ten minutes at 70 % of capacity: whether memory, handles and p99 stay where they were.</summary>
internal static class SoakBenchmark
{
    private const double Share = .7; // of capacity
    private const double LookupsPerSecond = 200;
    private const int LookupConnections = 8;
    private const int ProbedUsers = 64;
    private const double ProbesPerSecond = 20;
    private const double MaxGrowth = 1.1; // last third by first
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench, TimeSpan duration)
    {
        using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), ReferencePackage.Served);
        await using var stores = new ServiceStores(service.Stores);
        var users = await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var capacity = new Capacity(
            bench, service, stores, [.. users.Skip(ProbedUsers)], span => SampleAsync(bench, service, users, span));
        await capacity.FindAsync();
        bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"Soak: {duration.TotalMinutes:0.#} minutes of {Share * capacity.UsersPerSecond:N0} events/s, {Share:P0} of a capacity of {capacity.UsersPerSecond:N0}, and {LookupsPerSecond:N0} lookups/s. Median of the last third by that of the first."));

        var slices = await RunAsync(bench, service, users, capacity, duration);
        return
        [
            Growth("soak.working_set", slices, s => s.WorkingSet / 1e6, "MB"),
            Growth("soak.handles", slices, s => s.Handles, "handles"),
            Growth("soak.lookup_p99", slices, s => s.LookupP99, "ms"),
            Growth("soak.freshness_p99", slices, s => s.FreshnessP99, "ms"),
        ];
    }

    private static async Task<List<Sample>> RunAsync(Bench bench, ServiceUnderTest service, IReadOnlyList<string> users, Capacity capacity, TimeSpan duration)
    {
        var slice = duration < 6 * Slice ? duration / 6 : Slice; // a short one, to try it out, has thirds too
        var load = Task.Run(() => capacity.Load(Share, (WarmUp + duration) / BenchLoad.WholeByCounted));
        var samples = new List<Sample>();
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) is var passed && passed + slice < WarmUp + duration && !load.IsCompleted)
        {
            var sample = await SampleAsync(bench, service, users, slice);
            Bench.Tell($"{passed:mm\\:ss} {sample}");
            if (passed >= WarmUp)
                samples.Add(sample);
        }

        if (await load is { KeptRate: false } late) // it throws where a request failed
            throw new InvalidOperationException($"The load was not kept: {late.Unsent:N0} of {late.Scheduled:N0} requests were not sent.");
        return samples;
    }

    private static async Task<Sample> SampleAsync(Bench bench, ServiceUnderTest service, IReadOnlyList<string> users, TimeSpan slice)
    {
        var probe = new FreshnessProbe(service.Server, service.Url, [.. users.Take(ProbedUsers)]);
        var probing = Task.Run(() => probe.Run(ProbesPerSecond, slice, bench.Cancellation));
        var path = LoadPath.Lookup(service.Url, users, "lookup", 1, HttpRequest.Json);
        var lookups = await Task.Run(() => BenchLoad.Run(bench, service.Server, path.Source, LookupConnections, slice / 1.2, LookupsPerSecond));
        return new Sample(service.WorkingSet, service.Handles, lookups.P99, (await probing).Percentile(.99).TotalMilliseconds);
    }

    private static Metric Growth(string name, List<Sample> samples, Func<Sample, double> figure, string unit)
    {
        var third = Math.Max(1, samples.Count / 3);
        var (first, last) = (samples.Take(third).Select(figure), samples.TakeLast(third).Select(figure));
        var (before, after) = (Spread.Of(first), Spread.Of(last));
        return new Metric(
            name, new Spread(after.Median / before.Median, after.Least / before.Median, after.Most / before.Median),
            new Amount(after.Median, unit), new Amount(before.Median, unit), "ratio", Goal.AtMost(MaxGrowth));
    }

    private sealed record Sample(long WorkingSet, int Handles, double LookupP99, double FreshnessP99)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{WorkingSet / 1e6:0} MB, {Handles} handles, lookup p99 {LookupP99:0.0} ms, freshness p99 {FreshnessP99:0.0} ms");
    }
}
