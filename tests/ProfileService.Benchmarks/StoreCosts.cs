using System.Text.Json;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks;

/// <summary>
/// What users take in each store, how fast they are served, and what a refresh and an event write to PostgreSQL's log. The figures go into
/// <c>costs.json</c>, from which docs/measurements/hundred_million_users.py computes.
/// </summary>
internal sealed class StoreCosts(Bench bench, IReadOnlyList<int> counts)
{
    private const string Package = "models/demo/2"; // the demo's users have dimensions by it
    private const string Archive = "--Events:Archive=Postgres";
    private const int MeasuredUsers = 3_200;
    private const int ArchiveCopies = 50; // of the demo's 19,122 events
    private const int FewRequests = 10; // so that hardly two events of theirs change the same page of an index
    private const int ManyRequests = 320;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly string Cli = Repository.Path("artifacts/bin/ProfileService.Cli/release/profiles.dll");

    private readonly Curves _curves = new();
    private readonly Dictionary<string, List<double>> _bytes = [];
    private readonly Dictionary<string, double> _archive = [];
    private readonly Dictionary<string, double> _log = [];
    private readonly Dictionary<string, double> _rates = [];
    private SyntheticUsers? _users;

    /// <summary>Measures with each number of users, and writes the file.</summary>
    /// <param name="measureAsync">Adds what the service does with some users of so many to the curves.</param>
    public async Task<IEnumerable<Curve>> RunAsync(string file, Func<ServiceUnderTest, ServiceStores, IReadOnlyList<string>, double, Curves, Task> measureAsync)
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
                    await LogOfRefreshesAsync(new DueUsers(service, stores, some), postgres);
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

    private async Task LogOfRefreshesAsync(DueUsers due, PostgresCost postgres)
    {
        foreach (var afterCheckpoint in (bool[])[true, false])
        {
            _log[afterCheckpoint ? "refreshAfterCheckpoint" : "refresh"] =
                await postgres.LogOfAsync(afterCheckpoint, () => due.RefreshAsync(bench.Cancellation), bench.Cancellation) / MeasuredUsers;
        }
    }

    private async Task ArchiveAsync(string[] settings, PostgresCost postgres, IReadOnlyList<string> users)
    {
        var events = await _users!.FillArchiveAsync(ArchiveCopies, bench.Cancellation);
        _archive["events"] = events;
        _archive["rows"] = await postgres.RowsAsync(SyntheticUsers.ArchiveDays, bench.Cancellation);
        _archive["index"] = await postgres.IndexesAsync(SyntheticUsers.ArchiveDays, bench.Cancellation);
        _rates["rebuild, events/s"] = events / await SecondsOfRebuildAsync(settings);

        using var service = await ServiceUnderTest.StartAsync(settings, Package, Archive, "--Hosting:Role=Api");
        var path = LoadPath.Ingest(service.Url, users, "ingest, archived", Bench.EventsOfARequest, HttpRequest.Json);
        var requests = path.Source(0, 1);
        using var connection = new HttpConnection(service.Server);
        Send(FewRequests);
        _log["eventAfterCheckpoint"] = await LogOfEventsAsync(afterCheckpoint: true, FewRequests);
        _log["event"] = await LogOfEventsAsync(afterCheckpoint: false, ManyRequests);
        var rounds = await bench.Rounds.RunAsync((path.Name, async () => (await BenchLoad.RunAsync(bench, service.Server, path.Source)).DonePerSecond));
        _rates["ingest into the archive too, events/s"] = Spread.Of(rounds[path.Name]).Median;

        async Task<double> LogOfEventsAsync(bool afterCheckpoint, int count) =>
            await postgres.LogOfAsync(afterCheckpoint, () => Task.Run(() => Send(count)), bench.Cancellation) / (count * Bench.EventsOfARequest);

        void Send(int count)
        {
            for (var i = 0; i < count; i++)
            {
                if (connection.Send(requests.Next()) is { IsGood: false } refused)
                    throw new InvalidOperationException($"Events were answered {refused}.");
            }
        }
    }

    /// <summary>All of the archive into a Redis that has nothing, as after its loss; the start of the command included.</summary>
    private async Task<double> SecondsOfRebuildAsync(string[] settings)
    {
        Bench.Tell("rebuilding the windows");
        var emptied = $"--ConnectionStrings:Redis={bench.Servers.Redis.ConnectionString(bench.Servers.Redis.TakeDatabase())}";
        var started = TimeProvider.System.GetTimestamp();
        await Tool.RunAsync("dotnet", [Cli, "rebuild-windows", "--", emptied, settings[1], Archive, $"--Model:Package={Repository.Path(Package)}"]);
        return TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private object Figures() => new
    {
        package = Package,
        dimension = _users!.Dimension,
        eventsPerWindow = Math.Round(_users.EventsPerWindow, 1),
        processors = Environment.ProcessorCount,
        users = counts.Take(_bytes.Values.First().Count),
        bytes = _bytes,
        archiveBytes = _archive,
        logBytes = _log.ToDictionary(l => l.Key, l => Math.Round(l.Value)),
        perSecond = _curves.All.Where(c => !c.Name.Contains("bytes", StringComparison.Ordinal))
            .ToDictionary(c => c.Name, c => Math.Round(1e6 / c.Points[^1].Cost)).Concat(_rates.Select(r => KeyValuePair.Create(r.Key, Math.Round(r.Value)))).ToDictionary(),
    };
}
