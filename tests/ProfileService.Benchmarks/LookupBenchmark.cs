using System.Globalization;
using System.Net;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks;

/// <summary>Lookups against a bare web server that answers the same bytes, and many users at once against one by one.</summary>
internal static class LookupBenchmark
{
    private const int HotUsers = 100; // asked again and again, so that what the service keeps in its process can answer
    private const int BatchUsers = 100;
    private const string Unit = "req/s";

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), ReferencePackage.Served);
        var users = await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var known = await KnownAsync(service, users);
        var (json, binary) = (Singles(service.Url, users, HttpRequest.Json), Singles(service.Url, users, HttpRequest.Binary));
        using var bareJson = await BareEndpoint.RecordAsync(service, json[0]);
        using var bareBinary = await BareEndpoint.RecordAsync(service, binary[0]);
        using var bare304 = await BareEndpoint.RecordAsync(service, known[0]);
        var batches = LookupRequests.Write(service.Url, users, BatchUsers, HttpRequest.Binary);

        var figures = await bench.Rounds.RunAsync(
            ("lookup, JSON", () => RateAsync(bench, service.Server, json)),
            ("bare endpoint, JSON", () => RateAsync(bench, bareJson.Server, json)),
            ("lookup, cached", () => RateAsync(bench, service.Server, [.. json.Take(HotUsers)])),
            ("lookup, binary", () => RateAsync(bench, service.Server, binary)),
            ("bare endpoint, binary", () => RateAsync(bench, bareBinary.Server, binary)),
            ("lookup, 304", () => RateAsync(bench, service.Server, known)),
            ("bare endpoint, 304", () => RateAsync(bench, bare304.Server, known)),
            ("lookup of 100, profiles", async () => BatchUsers * await RateAsync(bench, service.Server, batches)));
        await TellCpuAsync(bench, service, json);
        await TellBatchesAsync(bench, service, users);
        return
        [
            figures.Ratio("lookup.ratio", "lookup, JSON", "bare endpoint, JSON", Unit, Goal.AtLeast(.6)),
            figures.Ratio("lookup.ratio_binary", "lookup, binary", "bare endpoint, binary", Unit, Goal.AtLeast(.6)),
            figures.Ratio("lookup.ratio_304", "lookup, 304", "bare endpoint, 304", Unit, Goal.AtLeast(.9)),
            figures.Ratio("lookup.ratio_cached", "lookup, cached", "bare endpoint, JSON", Unit, Goal.AtLeast(.9)),
            figures.Ratio("lookup.batch100_gain", "lookup of 100, profiles", "lookup, binary", "profiles/s", Goal.AtLeast(20)),
        ];
    }

    private static IReadOnlyList<byte[]> Singles(Uri url, IReadOnlyList<string> users, string accept) => LookupRequests.Write(url, users, 1, accept);

    /// <summary>Lookups by a client that has the profiles already.</summary>
    private static async Task<IReadOnlyList<byte[]>> KnownAsync(ServiceUnderTest service, IReadOnlyList<string> users)
    {
        var known = new List<byte[]>();
        foreach (var user in users.Take(LookupRequests.Written))
        {
            var path = $"/v1/users/{user}/profile";
            using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative));
            known.Add(HttpRequest.Get(service.Url, path, HttpRequest.Json, $"If-None-Match: {answer.Headers.ETag}\r\n"));
        }

        return known;
    }

    private static async Task<double> RateAsync(Bench bench, IPEndPoint server, IReadOnlyList<byte[]> requests) =>
        (await BenchLoad.RunAsync(bench, server, (i, of) => new LookupRequests(requests, 1, i * requests.Count / of))).RequestsPerSecond;

    /// <summary>Whether the generator is as cheap as it has to be.</summary>
    private static async Task TellCpuAsync(Bench bench, ServiceUnderTest service, IReadOnlyList<byte[]> requests)
    {
        var (generator, served) = (Environment.CpuUsage.TotalTime, service.CpuTime);
        var result = await BenchLoad.RunAsync(bench, service.Server, (i, of) => new LookupRequests(requests, 1, i * requests.Count / of));
        var counted = result.Latencies.Count * BenchLoad.WholeByCounted;
        bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"A single JSON lookup takes about {(Environment.CpuUsage.TotalTime - generator).TotalMicroseconds / counted:0} µs of CPU time in the load generator and {(service.CpuTime - served).TotalMicroseconds / counted:0} µs in the service.\n"));
    }

    /// <summary>The table that other feature servers publish.</summary>
    private static async Task TellBatchesAsync(Bench bench, ServiceUnderTest service, IReadOnlyList<string> users)
    {
        bench.Notes.Add($"Lookups at {Bench.Connections} connections:");
        bench.Notes.Add("");
        bench.Notes.Add("| format | users | p50 ms | p95 ms | p99 ms | req/s | saturated at | req/s there | p99 ms there |");
        bench.Notes.Add("|---|---|---|---|---|---|---|---|---|");
        foreach (var path in LoadPath.Lookups(service.Url, users))
        {
            Bench.Tell($"{path.Name} of {path.Entities}");
            var result = await BenchLoad.RunAsync(bench, service.Server, path.Source);
            var saturation = await Task.Run(() => Saturation.Find(connections => BenchLoad.Run(bench, service.Server, path.Source, connections, bench.Span / 2)));
            bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"| {path.Name} | {path.Entities} | {result.P50:0.00} | {result.P95:0.00} | {result.P99:0.00} | {result.RequestsPerSecond:N0} | {saturation.Connections} connections | {saturation.Result.RequestsPerSecond:N0} | {saturation.Result.P99:0.00} |"));
        }

        bench.Notes.Add("");
    }
}
