using System.Globalization;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.LongRuns;

/// <summary>Two, five and ten times as many requests as the service can answer: what it keeps of its peak, how soon it refuses the rest, and what memory that takes.</summary>
internal static class OverloadBenchmark
{
    private const int UsersPerLookup = 1_000;
    private const double MaxMegabytes = 1_024;
    private const double MaxGrowth = 1.25; // of the memory afterwards by that before
    private static readonly int[] Times = [2, 5, 10];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench, TimeSpan duration)
    {
        using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), ReferencePackage.Served);
        var users = await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        Processors.Take(Processors.Second);
        LoadPath[] paths =
        [
            LoadPath.Lookup(service.Url, users, "reads", UsersPerLookup, HttpRequest.Binary),
            LoadPath.Ingest(service.Url, users, "writes", Bench.EventsPerRequest, HttpRequest.Json),
        ];
        bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"Overload: lookups of {UsersPerLookup:N0} users and requests of {Bench.EventsPerRequest} events, {duration.TotalSeconds:0.#} s each. The peak is what {Bench.Connections} connections get done in as long; a load of n times the peak comes from n times as many. Service, Redis and PostgreSQL have the processors {Processors.First}, the load generator {Processors.Second}."));

        using var memory = new MemoryWatch(service);
        var metrics = new List<Metric>();
        foreach (var path in paths)
            metrics.AddRange(await MeasureAsync(bench, service, path, duration));
        metrics.Add(Metric.Of("overload.memory_peak", [memory.Peak / 1e6], "MB", Goal.AtMost(MaxMegabytes)));
        metrics.Add(Metric.Of("overload.memory_after", [await memory.AfterAsync(MaxGrowth, Settling) / memory.Before], "ratio", Goal.AtMost(MaxGrowth)));
        return metrics;
    }

    private static async Task<IReadOnlyList<Metric>> MeasureAsync(Bench bench, ServiceUnderTest service, LoadPath path, TimeSpan duration)
    {
        Bench.Tell($"{path.Name}: warming up until it gets no faster");
        for (var (before, rises) = (0.0, true); rises;) // .NET compiles what a process does much of once more
        {
            var now = (await RunAsync(Bench.Connections, WarmUp)).GoodPerSecond;
            (before, rises) = (now, now > 1.05 * before);
        }

        Bench.Tell($"{path.Name}: the peak");
        var peak = await RunAsync(Bench.Connections, duration); // as long as the loads: the store's own work comes and goes
        var metrics = new List<Metric>();
        foreach (var times in Times)
        {
            Bench.Tell($"{path.Name}: {times} times the peak");
            var result = await RunAsync(times * Bench.Connections, duration, times * peak.GoodPerSecond);
            bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"{path.Name}, {times} times: {result.Good:N0} answered, {result.Refused.Count:N0} refused, {result.Failed:N0} failed{(result.FirstFailure is { } first ? $" ({first})" : "")}."));
            metrics.Add(Metric.Ratio($"overload.{path.Name}_{times}x_kept", [result.GoodPerSecond], [peak.GoodPerSecond], "req/s", Goal.AtLeast(.9)));
            metrics.Add(Metric.Of($"overload.{path.Name}_{times}x_refused_p99", [result.Refused.Percentile(.99).TotalMilliseconds], "ms", Goal.AtMost(100)));
            metrics.Add(Metric.Of($"overload.{path.Name}_{times}x_failed", [result.Failed], "requests", Goal.AtMost(0)));
        }

        return metrics;

        Task<OverloadResult> RunAsync(int connections, TimeSpan span, double? rate = null) =>
            Task.Run(() => OverloadRun.Run(service.Server, i => path.Source(i, connections), connections, span, rate, bench.Cancellation));
    }
}
