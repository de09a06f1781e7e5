using ProfileService.Platform;

namespace ProfileService.Attribution;

/// <summary>What became of the recommendations of all processes on the same stores.</summary>
internal sealed class Outcomes : IDisposable
{
    private readonly OutcomeCounter _counter;
    private readonly IOutcomeStore _store;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Coalesced<IReadOnlyList<RecommendationOutcome>> _found;
    private OutcomeBatch? _pending; // taken, but maybe not stored: it is sent again as it is

    public Outcomes(OutcomeCounter counter, IOutcomeStore store, TimeProvider time)
    {
        (_counter, _store, _time) = (counter, store, time);
        _found = new(() => ReadAsync(CancellationToken.None));
    }

    /// <summary>Stores what this process counted.</summary>
    public async Task StoreAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while ((_pending ??= _counter.Take()) is { } batch)
            {
                await _store.AddAsync(batch, cancellationToken);
                _pending = null;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// By model, those of the last <see cref="OutcomeBatch.DaysKept"/> days: all that this process counted until now, and what others have
    /// stored. Concurrent callers share a read.
    /// </summary>
    public Task<IReadOnlyList<RecommendationOutcome>> FindAsync() => _found.FindAsync();

    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyList<RecommendationOutcome>> ReadAsync(CancellationToken cancellationToken)
    {
        await StoreAsync(cancellationToken);
        var since = OutcomeBatch.FirstDay(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime));
        return
        [
            .. (await _store.ReadAsync(since, cancellationToken)).GroupBy(c => c.Key.Model, c => c.Value)
                .OrderBy(model => model.Key, StringComparer.Ordinal)
                .Select(model => RecommendationOutcome.Of(model.Key, model.Aggregate((sum, day) => sum.Plus(day)))),
        ];
    }
}

/// <summary>What became of the recommendations of a model.</summary>
/// <param name="Model">Name and version.</param>
/// <param name="Shown">Items that answers listed, as often as they did.</param>
/// <param name="Clicked">Accepted events of the kinds view and click that named such a recommendation.</param>
/// <param name="Bought">Accepted events of the kind purchase that named such a recommendation.</param>
internal sealed record RecommendationOutcome(string Model, long Shown, long Clicked, long Bought)
{
    public static RecommendationOutcome Of(string model, OutcomeCounts counts) =>
        new(model, counts.Shown, counts.Clicked, counts.Bought);
}
