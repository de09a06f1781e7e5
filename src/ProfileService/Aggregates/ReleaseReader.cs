using Microsoft.Extensions.Options;

namespace ProfileService.Aggregates;

/// <summary>Reads the last release for the API. Its counts stay in memory; whether there is a later one is asked each time.</summary>
internal sealed class ReleaseReader(ReleaseStore store, IOptions<AggregateOptions> options)
{
    private volatile Kept? _kept;

    /// <summary>The last release; null if there is none yet.</summary>
    public async Task<(Release About, ReleasedCounts Counts)?> FindAsync(CancellationToken cancellationToken)
    {
        var (last, spent) = await store.FindLastAsync(cancellationToken);
        while (last is not null)
        {
            if (await FindCountsAsync(last.Number, cancellationToken) is { } counts)
                return (Release.Of(last, counts, spent, options.Value), counts);
            (last, spent) = await store.FindLastAsync(cancellationToken); // there is a later one by now
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
