using ProfileService.Platform;

namespace ProfileService.Attribution;

/// <summary>Counts what becomes of recommendations, in memory, so that no request waits. <see cref="Outcomes"/> stores it.</summary>
internal sealed class OutcomeCounter(ProfileMetrics metrics, TimeProvider time)
{
    private readonly string _process = Guid.NewGuid().ToString("N");
    private readonly Lock _lock = new();
    private Dictionary<RecommendationSource, OutcomeCounts> _counts = [];
    private long _batches;

    private DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Counts the items of an answer.</summary>
    public void CountAnswer(string model, int items) => Add(new RecommendationSource(model, Today), OutcomeCounts.OfAnswer(items));

    /// <summary>Counts an event that was accepted, for the day and the model of its recommendation.</summary>
    public void CountEvent(RecommendedEvent e)
    {
        if (e.Source.Day >= OutcomeBatch.FirstDay(Today))
            Add(e.Source, OutcomeCounts.OfEvent(e.Kind));
    }

    /// <summary>Takes what was counted since the last batch; null if nothing was.</summary>
    public OutcomeBatch? Take()
    {
        lock (_lock)
        {
            if (_counts.Count == 0)
                return null;
            var batch = new OutcomeBatch(_process, ++_batches, Today, _counts);
            _counts = [];
            return batch;
        }
    }

    private void Add(RecommendationSource source, OutcomeCounts counts)
    {
        if (counts == default)
            return;
        metrics.CountRecommendations(source.Model, counts.Shown, counts.Clicked, counts.Bought);
        lock (_lock)
            _counts[source] = _counts.GetValueOrDefault(source).Plus(counts);
    }
}
