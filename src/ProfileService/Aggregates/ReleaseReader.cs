using Microsoft.Extensions.Options;

namespace ProfileService.Aggregates;

/// <summary>Reads the last release for the API. Its counts stay in memory; whether there is a later one is asked each time.</summary>
internal sealed class ReleaseReader(ReleaseStore store, IOptions<AggregateOptions> options)
{
    private const int Attempts = 3; // a later release deletes the counts of the one that was found

    private volatile Kept? _kept;

    /// <summary>The last release; null if there is none yet, or none that the settings allow.</summary>
    public async Task<(Release About, ReleasedCounts Counts)?> FindAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (last, spent) = await store.FindLastAsync(cancellationToken);
            if (last is null || !options.Value.Allow(last.EpsilonThousandths))
                return null;
            if (await FindCountsAsync(last.Number, cancellationToken) is { } counts)
                return (Release.Of(last, counts, spent, options.Value), counts);
        }

        return null;
    }

    private async Task<ReleasedCounts?> FindCountsAsync(long number, CancellationToken cancellationToken)
    {
        if (_kept is { } kept && kept.Number == number)
            return kept.Counts;
        var counts = await store.FindCountsAsync(number, cancellationToken);
        if (counts is not null)
            _kept = new Kept(number, counts);
        return counts;
    }

    private sealed record Kept(long Number, ReleasedCounts Counts);
}
