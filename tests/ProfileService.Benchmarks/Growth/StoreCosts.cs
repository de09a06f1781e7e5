using System.Globalization;
using System.Text.Json;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Growth;

/// <summary>
/// What users take in each store, how fast they are served, and what a refresh and an event write to PostgreSQL's log. The figures go into
/// <c>costs.json</c>, from which docs/measurements/hundred_million_users.py computes.
/// </summary>
internal sealed class StoreCosts(Bench bench, IReadOnlyList<int> counts)
{
    private const string Package = "models/demo/3"; // the demo's users have dimensions by it
    private const string Archive = "--Events:Archive=Postgres";
    private const int MeasuredUsers = 3_200;
    private const int ArchiveCopies = 50; // of the demo's 19,122 events
    private const int FewEvents = 1_000; // so that hardly two of them change the same page of an index
    private const int ManyEvents = 32_000;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly string Cli = Repository.Path("artifacts/bin/ProfileService.Cli/release/profiles.dll");

    private readonly Curves _curves = new();
    private readonly Dictionary<string, List<double>> _bytes = [];
    private readonly Dictionary<string, double> _archive = [];
    private readonly Dictionary<string, double> _log = [];
    private readonly Dictionary<string, double> _rates = [];
    private readonly double _loadBefore = LoadOfMachine();
    private SyntheticUsers? _users;

    /// <summary>Measures with each number of users, and writes the file.</summary>
    /// <param name="measureAsync">Adds what the service does with some users of so many to the curves.</param>
    public async Task<IEnumerable<Curve>> RunAsync(
        string file, Func<ServiceUnderTest, ServiceStores, IReadOnlyList<string>, double, Curves, Task> measureAsync)
    {
        foreach (var count in counts)
        {
            var settings = await bench.Servers.NewStoresAsync();
            await using var stores = new ServiceStores(settings);
            await using var postgres = PostgresCost.Open(bench.Servers, settings);
            await FillAsync(settings, stores, postgres, count);
            var all = LoadUsers.Named(count);
            IReadOnlyList<string> some = [.. Enumerable.Range(0, MeasuredUsers).Select(i => all[(int)((long)i * count / MeasuredUsers)])];
            using (var service = await ServiceUnderTest.StartAsync(settings, Package))
            {
                await measureAsync(service, stores, some, count, _curves);
                if (count == counts[^1])
                    await LogOfRefreshesAsync(new Sender(service, some), new DueUsers(service, stores, some), postgres);
            }

            if (count == counts[^1])
                await ArchiveAsync(settings, postgres, some);
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(Figures(), Indented) + "\n", bench.Cancellation);
        }

        return _curves.All;
    }

    private async Task FillAsync(string[] settings, ServiceStores stores, PostgresCost postgres, int count)
    {
        using (var first = await ServiceUnderTest.StartAsync(settings, Package, Archive))
        {
            await Tool.RunAsync("dotnet", Cli, "demo", Repository.Path("demo/events.ndjson"), "--url", $"{first.Url}");
            await new DueUsers(first, stores, []).WaitUntilNoneAsync(bench.Cancellation);
        }

        Bench.Tell($"{count:N0} synthetic users");
        _users = await SyntheticUsers.OfDemoAsync(stores, postgres, bench.Cancellation);
        foreach (var (what, bytes) in await _users.FillAsync(count, bench.Cancellation))
        {
            _curves.Add($"{what}, bytes a user", count, bytes / count);
            if (!_bytes.TryGetValue(what, out var of))
                _bytes.Add(what, of = []);
            of.Add(bytes);
        }
    }

    // A new event of each user, so that each vector changes; there is no archive that would write the event.
    private async Task LogOfRefreshesAsync(Sender sender, DueUsers due, PostgresCost postgres)
    {
        using (sender)
        {
            _log["refreshAfterCheckpoint"] = await postgres.LogOfAsync(true, RefreshAsync, bench.Cancellation) / MeasuredUsers;
            _log["refresh"] = await postgres.LogOfAsync(false, RefreshAsync, bench.Cancellation) / MeasuredUsers;
        }

        async Task RefreshAsync()
        {
            await sender.SendAsync(MeasuredUsers);
            await due.WaitUntilNoneAsync(bench.Cancellation);
        }
    }

    private async Task ArchiveAsync(string[] settings, PostgresCost postgres, IReadOnlyList<string> users)
    {
        var events = await _users!.FillArchiveAsync(ArchiveCopies, bench.Cancellation);
        _archive["events"] = events;
        _archive["rows"] = await postgres.RowsAsync(SyntheticUsers.ArchiveDays, bench.Cancellation);
        _archive["index"] = await postgres.IndexesAsync(SyntheticUsers.ArchiveDays, bench.Cancellation);
        _rates["rebuild"] = events / await SecondsOfRebuildAsync(settings);

        using var service = await ServiceUnderTest.StartAsync(settings, Package, Archive, "--Hosting:Role=Api");
        using (var sender = new Sender(service, users))
        {
            await sender.SendAsync(FewEvents); // warms up
            _log["eventAfterCheckpoint"] = await postgres.LogOfAsync(true, () => sender.SendAsync(FewEvents), bench.Cancellation) / FewEvents;
            _log["event"] = await postgres.LogOfAsync(false, () => sender.SendAsync(ManyEvents), bench.Cancellation) / ManyEvents;
        }

        var path = LoadPath.Ingest(service.Url, users, "ingest, archived", Bench.EventsPerRequest, HttpRequest.Json);
        var rounds = await bench.Rounds.RunAsync(
            (path.Name, async () => (await BenchLoad.RunAsync(bench, service.Server, path.Source)).DonePerSecond));
        _rates["ingest"] = Spread.Of(rounds[path.Name]).Median;
    }

    /// <summary>All of the archive into a Redis that has nothing, as after its loss; the start of the command included.</summary>
    private async Task<double> SecondsOfRebuildAsync(string[] settings)
    {
        Bench.Tell("rebuilding the windows");
        var emptied = $"--ConnectionStrings:Redis={bench.Servers.Redis.ConnectionString(bench.Servers.Redis.TakeDatabase())}";
        var started = TimeProvider.System.GetTimestamp();
        var package = $"--Model:Package={Repository.Path(Package)}";
        await Tool.RunAsync("dotnet", [Cli, "rebuild-windows", "--", emptied, settings[1], Archive, package]);
        return TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    // Of others, if it is asked for before the measurement.
    private static double LoadOfMachine() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private object Figures() => new
    {
        package = Package,
        dimension = _users!.Dimension,
        eventsPerWindow = Math.Round(_users.EventsPerWindow, 1),
        processors = Environment.ProcessorCount,
        loadBefore = _loadBefore,
        users = counts.Take(_bytes.Values.First().Count),
        bytes = _bytes,
        archiveBytes = _archive,
        logBytes = _log.ToDictionary(l => l.Key, l => Math.Round(l.Value)),
        perSecond = _curves.All.Where(c => !c.Name.Contains("bytes", StringComparison.Ordinal))
            .ToDictionary(c => c.Name, c => c.Points.Select(p => Math.Round(1e6 / p.Cost))),
        perSecondWithArchive = _rates.ToDictionary(r => r.Key, r => Math.Round(r.Value)),
    };

    /// <summary>Sends new events of users in turn over one connection, a hundred a request.</summary>
    private sealed class Sender(ServiceUnderTest service, IReadOnlyList<string> users) : IDisposable
    {
        private readonly HttpConnection _connection = new(service.Server);
        private readonly IRequestSource _requests =
            LoadPath.Ingest(service.Url, users, "sender", Bench.EventsPerRequest, HttpRequest.Json).Source(0, 1);


        public Task SendAsync(int events) => Task.Run(() =>
        {
            for (var sent = 0; sent < events; sent += Bench.EventsPerRequest)
            {
                if (_connection.Send(_requests.Next()) is { IsGood: false } refused)
                    throw new InvalidOperationException($"Events were answered {refused}.");
            }
        });

        public void Dispose() => _connection.Dispose();
    }
}
