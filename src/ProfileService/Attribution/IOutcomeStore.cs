namespace ProfileService.Attribution;

/// <summary>
/// Counts by day and model, to which all processes on the same stores add. OutcomeStoreContract tests each implementation.
/// </summary>
internal interface IOutcomeStore
{
    /// <summary>Adds a batch to what is stored, once, and drops the days that are not kept any more.</summary>
    Task AddAsync(OutcomeBatch batch, CancellationToken cancellationToken);

    /// <summary>What is stored of the days from <paramref name="since"/> on.</summary>
    Task<IReadOnlyDictionary<RecommendationSource, OutcomeCounts>> ReadAsync(DateOnly since, CancellationToken cancellationToken);
}
