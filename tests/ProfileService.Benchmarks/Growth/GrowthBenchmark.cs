using System.Globalization;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Limits;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Growth;

/// <summary>What each path costs as users, windows, catalogue and dimension grow: a table, a plot of each, and the exponent.</summary>
internal static class GrowthBenchmark
{
    private const int Users = 3_200; // measured, of however many there are
    private const int SampleWindows = 256;
    private const int ShortWindow = 10;
    private const int Rounds = 3; // whose median counts

    /// <summary>What grows.</summary>
    public static readonly IReadOnlyList<string> Parts = ["users", "length", "catalogue", "dimension"];

    private static readonly int[] UserCounts = [10_000, 100_000, 1_000_000];
    private static readonly int[] Lengths = [10, 25, 50, 100];
    private static readonly int[] Catalogues = [10_000, 100_000, 1_000_000];
    private static readonly int[] Dimensions = [32, 64, 128, 256];
    private static readonly (string Name, string Accept)[] Formats = [("lookup, JSON", HttpRequest.Json), ("lookup, binary", HttpRequest.Binary)];
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(.3);

    /// <summary>Writes <c>growth.md</c> and the plots into a folder.</summary>
    /// <param name="parts">Which of <see cref="Parts"/>.</param>
    /// <param name="most">Users and items at most.</param>
    public static async Task RunAsync(Bench bench, string folder, IReadOnlyCollection<string> parts, int most)
    {
        Directory.CreateDirectory(folder);
        var report = new GrowthReport(folder);
        foreach (var part in Parts.Where(parts.Contains))
        {
            await report.AddAsync(part, SizeOf(part), "µs", part switch
            {
                "users" => [.. await OverUsersAsync(bench, folder, most)],
                "length" => [.. OverLengthOfModel(), .. await OverLengthAsync(bench)],
                "catalogue" => [.. await OverPackagesAsync("--items", [.. Catalogues.Where(c => c <= most)], items => items)],
                _ => [.. await OverPackagesAsync("--dimension", Dimensions, _ => 1_000), .. await OverDimensionAsync(bench)],
            });
        }

        await report.WriteAsync();
    }

    private static Task<IEnumerable<Curve>> OverUsersAsync(Bench bench, string folder, int most) =>
        new StoreCosts(bench, [.. UserCounts.Where(c => c <= most)]).RunAsync(
            Path.Combine(folder, "costs.json"),
            (service, stores, users, count, curves) => MeasureServiceAsync(bench, service, stores, users, count, curves));

    private static async Task<IEnumerable<Curve>> OverLengthAsync(Bench bench)
    {
        var curves = new Curves();
        using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), ReferencePackage.Served);
        await using var stores = new ServiceStores(service.Stores);
        foreach (var length in Lengths)
        {
            var users = await service.FillAsync(Users, length, bench.Cancellation, $"length{length}");
            curves.Add("Redis, bytes a user", length, (await Task.WhenAll(users.Select(stores.BytesOfAsync))).Average());
            var due = new DueUsers(service, stores, users);
            await due.RefreshAsync(bench.Cancellation);
            curves.Add("refresh", length, 1e6 / (await due.RefreshAsync(bench.Cancellation)).PerSecond);
        }

        return curves.All;
    }

    private static IEnumerable<Curve> OverLengthOfModel()
    {
        var curves = new Curves();
        foreach (var package in (string[])[ReferencePackage.Plain, ReferencePackage.Served, ReferencePackage.PlainOneLayer, ReferencePackage.ServedOneLayer])
        {
            foreach (var length in Lengths)
                curves.Add($"inference, {Path.GetFileName(package)}", length, MicrosecondsPerUser(package, length, 1_000));
        }

        return curves.All;
    }

    /// <summary>Inference with packages of other shapes, which Python makes for the moment.</summary>
    private static async Task<IEnumerable<Curve>> OverPackagesAsync(string option, int[] values, Func<int, int> items)
    {
        var curves = new Curves();
        foreach (var value in values)
        {
            using var folder = new TempDirectory();
            await MakePackageAsync(folder.Path, option, value);
            curves.Add("inference, two-served", value, MicrosecondsPerUser(folder.File("two-served"), Bench.WindowLength, items(value)));
            curves.Add("package, bytes", value, Directory.GetFiles(folder.File("two-served")).Sum(f => new FileInfo(f).Length));
        }

        return curves.All;
    }

    private static async Task<IEnumerable<Curve>> OverDimensionAsync(Bench bench)
    {
        var curves = new Curves();
        foreach (var dimension in Dimensions)
        {
            using var folder = new TempDirectory();
            await MakePackageAsync(folder.Path, "--dimension", dimension);
            using var service = await ServiceUnderTest.StartAsync(await bench.Servers.NewStoresAsync(), folder.File("two-served"));
            await using var stores = new ServiceStores(service.Stores);
            await MeasureServiceAsync(bench, service, stores, await service.FillAsync(Users, ShortWindow, bench.Cancellation), dimension, curves);
        }

        return curves.All;
    }

    private static async Task MeasureServiceAsync(
        Bench bench, ServiceUnderTest service, ServiceStores stores, IReadOnlyList<string> users, double at, Curves curves)
    {
        foreach (var (name, accept) in Formats)
        {
            var path = LoadPath.Lookup(service.Url, users, name, 1, accept);
            var rate = await MedianAsync(async () => (await BenchLoad.RunAsync(bench, service.Server, path.Source)).RequestsPerSecond);
            curves.Add(name, at, 1e6 / rate);
        }

        var due = new DueUsers(service, stores, users);
        curves.Add("refresh", at, 1e6 / await MedianAsync(async () => (await due.RefreshAsync(bench.Cancellation)).PerSecond));
        var ingest = LoadPath.Ingest(service.Url, users, "ingest", Bench.EventsPerRequest, HttpRequest.Json);
        var accepted = await MedianAsync(async () => (await BenchLoad.RunAsync(bench, service.Server, ingest.Source)).DonePerSecond);
        curves.Add("ingest", at, 1e6 / accepted);
        await due.WaitUntilNoneAsync(bench.Cancellation);
    }

    // The first time warms up: it fills the read cache, too.
    private static async Task<double> MedianAsync(Func<Task<double>> measure)
    {
        await measure();
        var figures = new List<double>();
        for (var round = 0; round < Rounds; round++)
            figures.Add(await measure());
        return Spread.Of(figures).Median;
    }

    private static double MicrosecondsPerUser(string package, int length, int items)
    {
        Bench.Tell($"inference of {length} events with {package}");
        var random = new Random(length);
        var windows = Enumerable.Range(0, SampleWindows).Select(i => SampleWindow.Of($"u{i}", length, random, items)).ToList();
        using var inference = BareInference.Best(package, windows, length, Look);
        return 1e6 / inference.UsersPerSecond(Look);
    }

    private static string SizeOf(string part) => part switch
    {
        "length" => "events of a window",
        "catalogue" => "items",
        _ => part,
    };

    private static Task MakePackageAsync(string folder, string option, int value)
    {
        Bench.Tell($"making a package, {option} {value.ToString("N0", CultureInfo.InvariantCulture)}");
        return Tool.RunAsync("/usr/bin/python3", Repository.Path("src/training/reference_packages.py"), "--out", folder, "--layers", "2", option, $"{value}");
    }
}
