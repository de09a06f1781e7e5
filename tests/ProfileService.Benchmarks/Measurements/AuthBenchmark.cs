using Npgsql;
using ProfileService.Auth;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>What asking who calls costs a lookup: a service that asks for keys beside one that asks nobody, on the same stores.</summary>
internal static class AuthBenchmark
{
    private const string Postgres = "--ConnectionStrings:Postgres=";

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        var stores = await bench.Servers.NewStoresAsync();
        using var open = await ServiceUnderTest.StartAsync(stores, ReferencePackage.Served);
        var users = await open.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        var key = await KeyAsync(bench, stores);
        using var keyed = await ServiceUnderTest.StartAsync(stores, ReferencePackage.Served, "--Auth:Mode=Keys");
        var (without, with) = (Requests(open.Url, ""), Requests(keyed.Url, $"Authorization: Bearer {key}\r\n"));

        var load = new CountedLoad(bench);
        var figures = await bench.Rounds.RunAsync(
            ("lookup with a key", () => load.RateAsync("lookup with a key", keyed.Process, with)),
            ("lookup without", () => load.RateAsync("lookup without", open.Process, without)),
            ("p99 with a key", () => P99Async(keyed, with)),
            ("p99 without", () => P99Async(open, without)));
        bench.Notes.Add(load.Table());
        return
        [
            figures.Ratio("auth.lookup_ratio", "lookup with a key", "lookup without", "req/s", goal: null),
            figures.Ratio("auth.p99_ratio", "p99 with a key", "p99 without", "ms", Goal.AtMost(1.05)),
        ];

        IReadOnlyList<byte[]> Requests(Uri url, string header) =>
            [.. users.Select(user => HttpRequest.Get(url, $"/v1/users/{user}/profile", HttpRequest.Json, header))];

        // One connection: a single lookup, not the queue before it.
        Task<double> P99Async(ServiceUnderTest service, IReadOnlyList<byte[]> requests) => Task.Run(() =>
            BenchLoad.Run(bench, service.Server, (i, of) => new LookupRequests(requests, 1, i * requests.Count / of), connections: 1, bench.Span).P99);
    }

    private static async Task<string> KeyAsync(Bench bench, string[] stores)
    {
        // The service's own role may not make keys.
        var service = stores.Single(setting => setting.StartsWith(Postgres, StringComparison.Ordinal))[Postgres.Length..];
        var database = bench.Servers.Postgres.ConnectionString(new NpgsqlConnectionStringBuilder(service).Database!);
        var key = "";
        var exitCode = await Cli.Stores.ServiceDatabase.UseAsync(
            [$"{Postgres}{database}"],
            async (contexts, token) =>
            {
                key = await new KeyStore(contexts, TimeProvider.System).CreateAsync(new NewKey("bench", Platform.Scopes.All, null), token);
                return 0;
            },
            mayCreate: false,
            bench.Cancellation);
        return exitCode == 0 ? key : throw new InvalidOperationException("No key could be made.");
    }
}
