using Microsoft.Extensions.Options;

namespace ProfileService.Aggregates;

/// <summary>
/// Reads the last release for the API. It stays in memory; whether there is a later one is asked once a second at most, for what many ask
/// for on each page must not be a question to the record each time.
/// </summary>
internal sealed class ReleaseReader(ReleaseStore store, IOptions<AggregateOptions> options, TimeProvider time)
{
    private const int Attempts = 3; // a later release deletes the counts of the one that was found
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private volatile Look? _last;

    /// <summary>The last release; null if there is none yet, or none that the settings allow.</summary>
    public async Task<LastRelease?> FindAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < LookEvery)
            return last.Found;
        var at = time.GetTimestamp();
        if (await ReadAsync(cancellationToken) is not { } found)
            return null; // and ask again: the first one is waited for
        _last = new Look(found, at);
        return found;
    }

    private async Task<LastRelease?> ReadAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (last, spent) = await store.FindLastAsync(cancellationToken);
            if (last is null || !options.Value.Allow(last.EpsilonThousandths))
                return null;
            var known = _last?.Found.About.Number == last.Number ? _last.Found.Counts : null;
            if ((known ?? await store.FindCountsAsync(last.Number, cancellationToken)) is { } counts)
                return new LastRelease(Release.Of(last, counts, spent, options.Value), counts);
        }

        return null;
    }

    private sealed record Look(LastRelease Found, long At);
}
