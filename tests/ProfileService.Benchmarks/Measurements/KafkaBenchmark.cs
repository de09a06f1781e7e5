using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ProfileService.Benchmarks.Figures;
using ProfileService.Benchmarks.Load;
using ProfileService.Benchmarks.Setup;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Measurements;

/// <summary>Events from a topic into windows, while they are written there, against events over HTTP.</summary>
internal static class KafkaBenchmark
{
    private const string Topic = "events";
    private const int Partitions = 16;
    private const string Unit = "events/s";

    public static async Task<IReadOnlyList<Metric>> RunAsync(Bench bench)
    {
        using var kafka = new KafkaMockCluster();
        kafka.CreateTopic(Topic, Partitions);
        var stores = await bench.Servers.NewStoresAsync();
        IReadOnlyList<string> users;
        using (var filling = await ServiceUnderTest.StartAsync(stores, ReferencePackage.Served))
            users = await filling.FillAsync(bench.Users, Bench.WindowLength, bench.Cancellation);
        using var service = await ServiceUnderTest.StartAsync(
            stores, ReferencePackage.Served,
            "--Hosting:Role=Api", $"--Kafka:BootstrapServers={kafka.BootstrapServers}", $"--Kafka:Topic={Topic}");
        using var writer = new EventWriter(kafka.BootstrapServers, Topic, Partitions, users);
        var (kafkaCosts, httpCosts) = (new Costs(), new Costs());
        var figures = await bench.Rounds.RunAsync(
            ("Kafka", () => kafkaCosts.AddAsync(service, () => ConsumedAsync(bench, service, writer))),
            ("ingest, JSON", () => httpCosts.AddAsync(service, () => AcceptedAsync(bench, service, users))));
        bench.Notes.Add(
            "kafka.ratio: the broker is librdkafka's mock, in the process of the load generator; an event is a message. "
            + $"CPU time of an event from Kafka: {kafkaCosts}; over HTTP: {httpCosts}.");
        return [figures.Ratio("kafka.ratio", "Kafka", "ingest, JSON", Unit, Goal.AtLeast(.8))];
    }

    private static async Task<double> ConsumedAsync(Bench bench, ServiceUnderTest service, EventWriter writer)
    {
        var (before, written) = (await StoredAsync(service), writer.Written);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(bench.Cancellation);
        var writing = writer.RunAsync(async () => written + await StoredAsync(service) - before, stop.Token);
        await Task.Delay(bench.Span * .2, TimeProvider.System, bench.Cancellation);
        var (first, began) = (await StoredAsync(service), TimeProvider.System.GetTimestamp());
        await Task.Delay(bench.Span, TimeProvider.System, bench.Cancellation);
        var (last, took) = (await StoredAsync(service), TimeProvider.System.GetElapsedTime(began));
        await stop.CancelAsync();
        await writing;
        await Eventually.IsTrueAsync(async () => await StoredAsync(service) - before == writer.Written - written); // none is left
        return (last - first) / took.TotalSeconds;
    }

    private static async Task<double> AcceptedAsync(Bench bench, ServiceUnderTest service, IReadOnlyList<string> users) =>
        (await BenchLoad.RunAsync(bench, service.Server, Path(service, users).Source)).DonePerSecond;

    private static LoadPath Path(ServiceUnderTest service, IReadOnlyList<string> users) =>
        LoadPath.Ingest(service.Url, users, "ingest", Bench.EventsPerRequest, HttpRequest.Json);

    /// <summary>CPU time of the service and of the process that makes its load, by stored events.</summary>
    private sealed class Costs
    {
        private long _events;
        private TimeSpan _service;
        private TimeSpan _load;

        public async Task<double> AddAsync(ServiceUnderTest service, Func<Task<double>> measure)
        {
            var (events, served, loaded) = (await StoredAsync(service), service.CpuTime, Environment.CpuUsage.TotalTime);
            var figure = await measure();
            _service += service.CpuTime - served;
            _load += Environment.CpuUsage.TotalTime - loaded;
            _events += await StoredAsync(service) - events;
            return figure;
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{_service.TotalMicroseconds / _events:0.0} \u00B5s of the service, {_load.TotalMicroseconds / _events:0.0} of what makes the load");
    }

    private static async Task<long> StoredAsync(ServiceUnderTest service) =>
        (await service.Client.GetFromJsonAsync<JsonElement>("/v1/status")).GetProperty("events").GetInt64();
}
