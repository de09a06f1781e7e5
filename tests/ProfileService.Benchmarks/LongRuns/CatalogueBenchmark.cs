using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.LongRuns;

/// <summary>
/// Recommendations of a large catalogue over HTTP, as a shop's front page asks for them: how many a second, and how long one takes at a
/// rate below that. Then how long the popular items of a category take, and how many vectors a second an export has.
/// </summary>
internal static class CatalogueBenchmark
{
    private const int Categories = 100;
    private const int ItemsPerRequest = 50_000;
    private const int Many = 1_000_000;
    private const string Popular = "/v1/items/popular?category=c7";
    private const string Filtered = """
        {
          "count": 20, "excludeSeen": "window",
          "filter": { "excludeCategories": ["c1", "c2"], "excludeLabels": ["sold-out"], "minPrice": 5, "maxPrice": 80 }
        }
        """;

    /// <param name="items">Of the package, and of the catalogue.</param>
    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench, int items, int dimension)
    {
        var (perSecond, p99) = items < Many ? (1_000, 7) : (150, 40);
        using var folder = new TempDirectory();
        await MakePackageAsync(folder.Path, items, dimension);
        using var service = await ServiceUnderTest.StartAsync(
            await bench.Servers.NewStoresAsync(), folder.File("one-served"), "--Aggregates:Epsilon=0");
        await PutCatalogueAsync(service, items, bench.Cancellation);
        var users = await service.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var requests = users.Select(user => HttpRequest.Post(
            service.Url, $"/v1/users/{user}/recommendations", HttpRequest.Json, HttpRequest.Json, Filtered)).ToList();

        var rates = await RoundsAsync(bench, "as many as come back", () => RunAsync(bench, service, requests, rate: null));
        var half = await RoundsAsync(bench, $"{perSecond / 2} a second", () => RunAsync(bench, service, requests, perSecond / 2.0));
        await WaitForReleaseAsync(service, bench.Cancellation);
        var popular = await RoundsAsync(bench, "popular items", () => Task.Run(() => BenchLoad.Run(
            bench,
            service.Server,
            (_, _) => new LookupRequests([HttpRequest.Get(service.Url, Popular, HttpRequest.Json)], 1, 0),
            connections: 1,
            bench.Span)));
        // PostgreSQL has statistics by now.
        var exports = await RoundsAsync(bench, "export", () => ExportAsync(service, bench.Cancellation));
        bench.Notes.Add(string.Create(CultureInfo.InvariantCulture,
            $"Catalogue: {items:N0} items of dimension {dimension}, {users.Count:N0} users of {Bench.WindowLength} events; the exact "
            + $"top 20 without what is in the window, two of {Categories} categories, a label that a tenth of the items has, and prices "
            + $"out of bounds. The p99 is of an open loop of {perSecond / 2} requests a second. The popular items are asked for on one "
            + $"connection, of counts without noise. The package's weights are random."));
        return
        [
            Metric.Of("catalogue.recommendations", [.. rates.Select(r => r.RequestsPerSecond)], "req/s", Goal.AtLeast(perSecond)),
            Metric.Of("catalogue.half_p50", [.. half.Select(r => r.P50)], "ms"),
            Metric.Of("catalogue.half_p99", [.. half.Select(r => r.P99)], "ms", Goal.AtMost(p99)),
            Metric.Of("catalogue.popular_p50", [.. popular.Select(r => r.P50)], "ms", Goal.AtMost(.2)),
            Metric.Of("catalogue.export", exports, "vectors/s", Goal.AtLeast(200_000)),
        ];
    }

    private static Task<LoadResult> RunAsync(Bench bench, ServiceUnderTest service, List<byte[]> requests, double? rate) => Task.Run(() =>
        BenchLoad.Run(
            bench,
            service.Server,
            (i, of) => new LookupRequests(requests, 1, i * requests.Count / of),
            Bench.Connections,
            bench.Span,
            rate));

    /// <summary>The first release comes within two minutes.</summary>
    private static async Task WaitForReleaseAsync(ServiceUnderTest service, CancellationToken cancellationToken)
    {
        Bench.Tell("waiting for the counts of popular items");
        while (!(await service.Client.GetAsync(new Uri(Popular, UriKind.Relative), cancellationToken)).IsSuccessStatusCode)
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
    }

    /// <summary>Vectors a second.</summary>
    private static async Task<double> ExportAsync(ServiceUnderTest service, CancellationToken cancellationToken)
    {
        var (started, lines, buffer) = (TimeProvider.System.GetTimestamp(), 0, new byte[1 << 16]);
        await using var answer = await service.Client.GetStreamAsync(
            new Uri("/v1/profiles/export?vectors=base64", UriKind.Relative), cancellationToken);
        while (await answer.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        return (lines - 2) / TimeProvider.System.GetElapsedTime(started).TotalSeconds; // the first line and the last one are no vectors
    }

    private static async Task<List<T>> RoundsAsync<T>(Bench bench, string what, Func<Task<T>> measure)
    {
        var figures = new List<T>();
        await measure(); // warms up
        for (var round = 0; round < bench.RoundCount; round++)
        {
            Bench.Tell($"{what}: round {round + 1} of {bench.RoundCount}");
            figures.Add(await measure());
        }

        return figures;
    }

    private static Task MakePackageAsync(string folder, int items, int dimension)
    {
        Bench.Tell(string.Create(CultureInfo.InvariantCulture, $"making a package of {items:N0} items of dimension {dimension}"));
        return Tool.RunAsync(
            "/usr/bin/python3", Repository.Path("src/training/reference_packages.py"),
            "--out", folder, "--layers", "1", "--items", $"{items}", "--dimension", $"{dimension}");
    }

    private static async Task PutCatalogueAsync(ServiceUnderTest service, int items, CancellationToken cancellationToken)
    {
        for (var first = 0; first < items; first += ItemsPerRequest)
        {
            Bench.Tell(string.Create(CultureInfo.InvariantCulture, $"catalogue: {first:N0} of {items:N0}"));
            var lines = Enumerable.Range(first, Math.Min(ItemsPerRequest, items - first)).Select(ItemOf);
            using var body = new StringContent(string.Join('\n', lines), Encoding.UTF8, new MediaTypeHeaderValue(HttpRequest.Ndjson));
            using var answer = await service.Client.PostAsync(new Uri("/v1/items", UriKind.Relative), body, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Of the items, a tenth is sold out and a tenth has no price; ids are those of the package.</summary>
    private static string ItemOf(int i)
    {
        var labels = i % 10 == 3 ? ",\"labels\":[\"sold-out\"]" : "";
        var price = i % 10 == 0 ? "" : $",\"price\":{i % 97}";
        return $$"""{"itemId":"{{1_000 + i}}","categories":["c{{i % Categories}}"]{{labels}}{{price}}}""";
    }
}
