using System.Globalization;
using System.Text;
using Confluent.Kafka;
using ProfileService.Cli.Load;

namespace ProfileService.Benchmarks.Load;

/// <summary>Writes events to a topic, one a message, each the newest of its user, and never far ahead of those who read.</summary>
internal sealed class EventWriter : IDisposable
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const string Placeholder = "0000-00-00T00:00:00.000Z";
    private const int MaxAhead = 100_000;
    private const int Together = 5_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly List<(byte[] Event, int TimeAt)> _events;
    private readonly TopicPartition[] _partitions;
    private readonly IProducer<Null, byte[]> _producer;
    private DateTimeOffset _last;

    public EventWriter(string bootstrapServers, string topic, int partitions, IReadOnlyList<string> users)
    {
        var random = new Random(users.Count);
        _events = [.. users.Select(user => LoadEvents.Json(user, Placeholder, random))
            .Select(json => (Encoding.UTF8.GetBytes(json), json.IndexOf(Placeholder, StringComparison.Ordinal)))];
        _partitions = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p))];
        _producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            LingerMs = 5,
            QueueBufferingMaxMessages = 2 * MaxAhead,
            EnableDeliveryReports = false,
        }).Build();
    }

    public long Written { get; private set; }

    /// <param name="read">Returns how many of the written events are stored.</param>
    public Task RunAsync(Func<Task<long>> read, CancellationToken cancellationToken) => Task.Run(async () =>
    {
        var known = Written; // to be stored; to ask takes time in which nothing is written
        while (!cancellationToken.IsCancellationRequested)
        {
            for (var i = 0; i < Together; i++)
                WriteNext();
            while (Written - known > MaxAhead && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
                known = await read();
            }
        }

        _producer.Flush(CancellationToken.None);
    }, CancellationToken.None);

    public void Dispose() => _producer.Dispose();

    private void WriteNext()
    {
        var at = (int)(Written++ % _events.Count);
        var (json, timeAt) = _events[at];
        if (at == 0) // a time of its own for each round of all users
            _last = TimeProvider.System.GetUtcNow() is var now && now > _last.AddMilliseconds(1) ? now : _last.AddMilliseconds(1);
        Encoding.ASCII.GetBytes(_last.ToString(Time, CultureInfo.InvariantCulture)).CopyTo(json, timeAt);
        _producer.Produce(_partitions[at % _partitions.Length], new Message<Null, byte[]> { Value = json });
    }
}
