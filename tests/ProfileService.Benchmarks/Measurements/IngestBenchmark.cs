using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Limits;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>Events accepted over HTTP against the append script alone.</summary>
internal static class IngestBenchmark
{
    private const int StreamConnections = 4;
    private const string Unit = "events/s";

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        var stores = await bench.Servers.NewStoresAsync();
        IReadOnlyList<string> users;
        using (var filling = await ServiceUnderTest.StartAsync(stores, ReferencePackage.Served))
            users = await filling.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var limit = await RedisLimit.PrepareAsync(bench.Servers.Redis);
        bench.Notes.Add($"ingest.ratio: redis-benchmark is fastest at {limit.BestClients} connections.");
        return [.. await ApiAloneAsync(bench, stores, users, limit), await WithRefreshAsync(bench, stores, users, limit)];
    }

    // The API alone, as Hosting:Role=Api splits it off, for the limit refreshes nobody either.
    private static async Task<IEnumerable<Metric>> ApiAloneAsync(Bench bench, string[] stores, IReadOnlyList<string> users, RedisLimit limit)
    {
        using var service = await ServiceUnderTest.StartAsync(stores, ReferencePackage.Served, "--Hosting:Role=Api");
        var figures = await bench.Rounds.RunAsync(
            ("ingest, JSON", () => AcceptedAsync(bench, service, users, Bench.Connections, Bench.EventsPerRequest, HttpRequest.Json)),
            ("redis-benchmark", () => limit.EventsPerSecondAsync(bench.Span)),
            ("ingest, NDJSON", () => AcceptedAsync(bench, service, users, StreamConnections, Math.Max(1, users.Count / StreamConnections), HttpRequest.Ndjson)));
        return
        [
            figures.Ratio("ingest.ratio", "ingest, JSON", "redis-benchmark", Unit, Goal.AtLeast(.7)),
            figures.Ratio("ingest.ratio_ndjson", "ingest, NDJSON", "redis-benchmark", Unit, Goal.AtLeast(.7)),
        ];
    }

    private static async Task<Metric> WithRefreshAsync(Bench bench, string[] stores, IReadOnlyList<string> users, RedisLimit limit)
    {
        using var service = await ServiceUnderTest.StartAsync(stores, ReferencePackage.Served);
        await using var due = new ServiceStores(stores);
        await new DueUsers(service, due, users).WaitUntilNoneAsync(bench.Cancellation);
        var figures = await bench.Rounds.RunAsync(
            ("ingest, refreshing too", () => AcceptedAsync(bench, service, users, Bench.Connections, Bench.EventsPerRequest, HttpRequest.Json)),
            ("redis-benchmark", () => limit.EventsPerSecondAsync(bench.Span)));
        return figures.Ratio("ingest.ratio_refreshing", "ingest, refreshing too", "redis-benchmark", Unit, goal: null);
    }

    private static async Task<double> AcceptedAsync(Bench bench, ServiceUnderTest service, IReadOnlyList<string> users, int connections, int together, string contentType)
    {
        var path = LoadPath.Ingest(service.Url, users, "ingest", together, contentType);
        return (await Task.Run(() => BenchLoad.Run(bench, service.Server, path.Source, connections, bench.Span))).DonePerSecond;
    }
}
