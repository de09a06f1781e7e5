using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ProfileService.Platform;

/// <summary>Every instrument of the service. Durations are in seconds.</summary>
internal sealed class ProfileMetrics
{
    public const string Name = "ProfileService";

    /// <summary>Verdict of an event that was added to its window.</summary>
    public const string Accepted = "accepted";

    /// <summary>Verdict of an event that broke a rule.</summary>
    public const string Rejected = "rejected";

    /// <summary>Outcome of a refresh that stored a profile.</summary>
    public const string Refreshed = "refreshed";

    private static readonly double[] Seconds = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60];
    private static readonly long[] Bytes = [128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 65_536, 262_144];
    private static readonly int[] Events = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
    private static readonly int[] Users = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    private readonly Counter<long> _events;
    private readonly Counter<long> _refreshes;
    private readonly Counter<long> _texts;
    private readonly Counter<long> _altered;
    private readonly Counter<long> _kafkaMessages;
    private readonly Counter<long> _kafkaRetries;
    private readonly Counter<long> _recommendations;
    private readonly Histogram<double> _freshness;
    private readonly Histogram<double> _refreshDuration;
    private readonly Histogram<double> _inferenceDuration;
    private readonly Histogram<double> _sentimentDuration;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<long> _windowMemory;
    private readonly Histogram<int> _windowEvents;
    private IReadOnlyDictionary<int, long> _kafkaLag = new Dictionary<int, long>();
    private long _due = -1; // not known: this process does not refresh
    private long _accepted;
    private long _refreshed;
    private long _rejected;
    private long _failedRefreshes;
    private long _freshnessTicks;
    private long _inferenceRuns;
    private long _inferenceTicks;

    public ProfileMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _events = meter.CreateCounter<long>("profiles.events", "{event}", "Events posted, by verdict");
        _refreshes = meter.CreateCounter<long>("profiles.refreshes", "{user}", "Users refreshed, by outcome");
        _texts = meter.CreateCounter<long>(
            "profiles.sentiment.texts", "{text}", "Texts whose sentiment was requested, by source of the score");
        _altered = meter.CreateCounter<long>(
            "profiles.altered", "{value}", "Stored values that were refused because their checksum does not match, by what and store");
        _kafkaMessages = meter.CreateCounter<long>("profiles.kafka.messages", "{message}", "Messages taken from Kafka, by outcome");
        _kafkaRetries = meter.CreateCounter<long>(
            "profiles.kafka.retries", "{batch}", "Times that messages waited, because their events could not be stored");
        _recommendations = meter.CreateCounter<long>(
            "profiles.recommendations", "{item}", "Recommended items that were shown, clicked or bought, by outcome and model");
        _freshness = Histogram<double>(
            "profiles.freshness", "s", "Time from the acceptance of an event until its vector can be read", Seconds);
        _refreshDuration = Histogram<double>("profiles.refresh.duration", "s", "Time of one batch from claim to settlement", Seconds);
        _inferenceDuration = Histogram<double>("profiles.inference.duration", "s", "Time of one run of the model", Seconds);
        _sentimentDuration = Histogram<double>("profiles.sentiment.duration", "s", "Time to score the new texts of a batch", Seconds);
        _batchSize = Histogram<int>("profiles.refresh.batch_size", "{user}", "Users in a batch", Users);
        _windowMemory = Histogram<long>(
            "profiles.window.memory",
            "By",
            "Memory of a window in Redis, and of what its user met, with their keys; of one user of each batch",
            Bytes);
        _windowEvents = Histogram<int>("profiles.window.events", "{event}", "Events in the windows whose memory is measured", Events);
        meter.CreateObservableGauge("profiles.due", MeasureDue, "{user}", "Users whose profile is behind their revision");
        meter.CreateObservableGauge(
            "profiles.kafka.lag", MeasureKafkaLag, "{message}", "Messages of a partition of this process that are not stored yet");

        Histogram<T> Histogram<T>(string name, string unit, string description, IReadOnlyList<T> bounds)
            where T : struct =>
            meter.CreateHistogram(name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = bounds });
    }

    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Totals of this process since its start.</summary>
    public ProfileTotals Totals => new(
        Volatile.Read(ref _accepted),
        Volatile.Read(ref _refreshed),
        Volatile.Read(ref _inferenceRuns),
        new TimeSpan(Volatile.Read(ref _inferenceTicks)),
        Volatile.Read(ref _rejected),
        Volatile.Read(ref _failedRefreshes),
        new TimeSpan(Volatile.Read(ref _freshnessTicks)));

    public void CountEvents(string verdict, long count)
    {
        if (count > 0)
            _events.Add(count, new KeyValuePair<string, object?>("verdict", verdict));
        if (verdict == Accepted)
            Interlocked.Add(ref _accepted, count);
        if (verdict == Rejected)
            Interlocked.Add(ref _rejected, count);
    }

    public void CountRefreshes(string outcome, int count)
    {
        Interlocked.Add(ref outcome == Refreshed ? ref _refreshed : ref _failedRefreshes, count);
        if (count > 0)
            _refreshes.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
    }

    /// <param name="from"><c>model</c> or <c>memory</c>.</param>
    public void CountTexts(string from, int count)
    {
        if (count > 0)
            _texts.Add(count, new KeyValuePair<string, object?>("from", from));
    }

    /// <param name="what"><c>window</c> or <c>profile</c>.</param>
    public void CountAltered(string what, string store) =>
        _altered.Add(1, new KeyValuePair<string, object?>("what", what), new KeyValuePair<string, object?>("store", store));

    public void CountRecommendations(string model, long shown, long clicked, long bought)
    {
        Count(nameof(shown), shown);
        Count(nameof(clicked), clicked);
        Count(nameof(bought), bought);

        void Count(string outcome, long count)
        {
            if (count > 0)
                _recommendations.Add(
                    count, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("model", model));
        }
    }

    public void RecordFreshness(TimeSpan age)
    {
        _freshness.Record(age.TotalSeconds);
        Interlocked.Add(ref _freshnessTicks, age.Ticks);
    }

    public void RecordBatch(TimeSpan duration, int users)
    {
        _refreshDuration.Record(duration.TotalSeconds);
        _batchSize.Record(users);
    }

    public void RecordWindow(long bytes, int events)
    {
        _windowMemory.Record(bytes);
        _windowEvents.Record(events);
    }

    public void RecordInference(TimeSpan duration)
    {
        _inferenceDuration.Record(duration.TotalSeconds);
        Interlocked.Increment(ref _inferenceRuns);
        Interlocked.Add(ref _inferenceTicks, duration.Ticks);
    }

    public void RecordSentiment(TimeSpan duration) => _sentimentDuration.Record(duration.TotalSeconds);

    public void SetDue(long users) => Volatile.Write(ref _due, users);

    /// <param name="outcome"><c>stored</c>, <c>dead_letter</c>, or <c>passed_over</c> if there is no topic for dead letters.</param>
    public void CountKafkaMessages(string outcome, int count)
    {
        if (count > 0)
            _kafkaMessages.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void CountKafkaRetry() => _kafkaRetries.Add(1);

    /// <param name="messages">By partition, of those that this process consumes.</param>
    public void SetKafkaLag(IReadOnlyDictionary<int, long> messages) => Volatile.Write(ref _kafkaLag, messages);

    private IEnumerable<Measurement<long>> MeasureDue() => Volatile.Read(ref _due) is >= 0 and var due ? [new(due)] : [];

    private IEnumerable<Measurement<long>> MeasureKafkaLag() => Volatile.Read(ref _kafkaLag)
        .Select(p => new Measurement<long>(p.Value, new KeyValuePair<string, object?>("partition", p.Key)));
}

/// <summary>Totals of a process since its start.</summary>
/// <param name="Freshness">Sum over the refreshed users of the time from the acceptance of an event until its vector could be read.</param>
internal readonly record struct ProfileTotals(
    long Accepted, long Refreshed, long InferenceRuns, TimeSpan Inference, long Rejected, long FailedRefreshes, TimeSpan Freshness);
