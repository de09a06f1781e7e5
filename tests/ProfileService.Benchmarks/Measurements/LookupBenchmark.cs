using System.Globalization;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Limits;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>Lookups against a bare web server that answers the same bytes, and many users at once against one by one.</summary>
internal static class LookupBenchmark
{
    private const int HotUsers = 100; // asked again and again, so that what the service keeps in its process can answer
    private const int BatchUsers = 100;
    private const int ManyUsers = 1_000;
    private const string Unit = "req/s";

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), ReferencePackage.Served);
        var users = await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var known = await KnownAsync(service, users);
        var (json, binary) = (Singles(service.Url, users, HttpRequest.Json), Singles(service.Url, users, HttpRequest.Binary));
        using var bareJson = await BareEndpoint.RecordAsync(service, json[0]);
        using var bareReading = await BareEndpoint.RecordAsync(service, json[0], service.Stores);
        using var bareBinary = await BareEndpoint.RecordAsync(service, binary[0]);
        using var bare304 = await BareEndpoint.RecordAsync(service, known[0]);
        var batches = LookupRequests.Write(service.Url, users, BatchUsers, HttpRequest.Binary);
        var large = LookupRequests.Write(service.Url, users, ManyUsers, HttpRequest.Binary);

        var load = new CountedLoad(bench);
        var figures = await bench.Rounds.RunAsync(
            Part("lookup, JSON", service.Process, json),
            Part("bare endpoint, JSON", bareJson.Process, json),
            Part("bare endpoint that reads a key, JSON", bareReading.Process, json),
            Part("lookup, cached", service.Process, Hot(json)),
            Part("lookup, binary", service.Process, binary),
            Part("bare endpoint, binary", bareBinary.Process, binary),
            Part("lookup, 304", service.Process, Hot(known)),
            Part("lookup, 304 of all users", service.Process, known),
            Part("bare endpoint, 304", bare304.Process, known),
            Part("lookup of 100, profiles", service.Process, batches, BatchUsers),
            Part("lookup of 1,000, profiles", service.Process, large, ManyUsers));
        bench.Notes.Add(load.Table());
        await TellBatchesAsync(bench, service, users);
        return
        [
            figures.Ratio("lookup.ratio", "lookup, JSON", "bare endpoint, JSON", Unit, Goal.AtLeast(.75)),
            figures.Ratio("lookup.ratio_reading", "bare endpoint that reads a key, JSON", "bare endpoint, JSON", Unit, goal: null),
            figures.Ratio("lookup.ratio_binary", "lookup, binary", "bare endpoint, binary", Unit, Goal.AtLeast(.75)),
            figures.Ratio("lookup.ratio_304", "lookup, 304", "bare endpoint, 304", Unit, Goal.AtLeast(.95)),
            figures.Ratio("lookup.ratio_304_uncached", "lookup, 304 of all users", "bare endpoint, 304", Unit, goal: null),
            figures.Ratio("lookup.ratio_cached", "lookup, cached", "bare endpoint, JSON", Unit, Goal.AtLeast(.95)),
            figures.Ratio("lookup.batch100_gain", "lookup of 100, profiles", "lookup, binary", "profiles/s", Goal.AtLeast(50)),
            figures.Ratio("lookup.batch1000_gain", "lookup of 1,000, profiles", "lookup, binary", "profiles/s", Goal.AtLeast(100)),
        ];

        (string Name, Func<Task<double>> Measure) Part(string name, ChildProcess server, IReadOnlyList<byte[]> requests, int users = 1) =>
            (name, async () => users * await load.RateAsync(name, server, requests));
    }

    /// <summary>The hot users in an order of each connection's own: marching in step, connections would ask for a user in bursts and then leave it alone.</summary>
    private static IReadOnlyList<byte[]> Hot(IReadOnlyList<byte[]> requests)
    {
        var (random, hot) = (new Random(1), requests.Take(HotUsers).ToArray());
        var orders = new List<byte[]>();
        for (var connection = 0; connection < Bench.Connections; connection++)
        {
            random.Shuffle(hot);
            orders.AddRange(hot);
        }

        return orders;
    }

    private static IReadOnlyList<byte[]> Singles(Uri url, IReadOnlyList<string> users, string accept) => LookupRequests.Write(url, users, 1, accept);

    /// <summary>Lookups by a client that has the profiles already.</summary>
    private static async Task<IReadOnlyList<byte[]>> KnownAsync(ServiceUnderTest service, IReadOnlyList<string> users)
    {
        var known = new List<byte[]>();
        foreach (var user in users)
        {
            var path = $"/v1/users/{user}/profile";
            using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative));
            known.Add(HttpRequest.Get(service.Url, path, HttpRequest.Json, $"If-None-Match: {answer.Headers.ETag}\r\n"));
        }

        return known;
    }

    /// <summary>The table that other feature servers publish.</summary>
    private static async Task TellBatchesAsync(Bench bench, ServiceUnderTest service, IReadOnlyList<string> users)
    {
        bench.Notes.Add($"Lookups at {Bench.Connections} connections:");
        bench.Notes.Add("");
        bench.Notes.Add("| format | users | p50 ms | p95 ms | p99 ms | req/s | p99 ms at half of that rate, open loop | saturated at | req/s there | p99 ms there |");
        bench.Notes.Add("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var path in LoadPath.Lookups(service.Url, users))
        {
            Bench.Tell($"{path.Name} of {path.Entities}");
            var result = await BenchLoad.RunAsync(bench, service.Server, path.Source);
            var half = await Task.Run(() =>
                BenchLoad.Run(bench, service.Server, path.Source, Bench.Connections, bench.Span, result.RequestsPerSecond / 2));
            var saturation = await Task.Run(() => Saturation.Find(connections => BenchLoad.Run(bench, service.Server, path.Source, connections, bench.Span / 2)));
            bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"| {path.Name} | {path.Entities} | {result.P50:0.00} | {result.P95:0.00} | {result.P99:0.00} | {result.RequestsPerSecond:N0} | {half.P99:0.00}{(half.KeptRate ? "" : ", not kept")} | {saturation.Connections} connections | {saturation.Result.RequestsPerSecond:N0} | {saturation.Result.P99:0.00} |"));
        }

        bench.Notes.Add("");
    }
}
