using Microsoft.Extensions.Options;
using ProfileService.Platform;

namespace ProfileService.Aggregates;

/// <summary>
/// Reads the last release for the API. It stays in memory, and is answered while the database is away. The database is asked for a later
/// one once a second at most, because many pages ask for the release. After a failure the known one is answered at once, and the database
/// is asked in the background.
/// </summary>
internal sealed class ReleaseReader
{
    private const int Attempts = 3; // a later release deletes the counts of the one that was found
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly ReleaseStore _store;
    private readonly AggregateOptions _options;
    private readonly TimeProvider _time;
    private readonly Coalesced<FoundRelease> _polls;
    private volatile Answer? _last;

    public ReleaseReader(ReleaseStore store, IOptions<AggregateOptions> options, TimeProvider time)
    {
        (_store, _options, _time) = (store, options.Value, time);
        _polls = new Coalesced<FoundRelease>(PollAsync);
    }

    /// <summary>The last release, or why there is none.</summary>
    public async Task<FoundRelease> FindAsync(CancellationToken cancellationToken)
    {
        if (Known() is { } known)
            return known;
        var polling = _polls.FindAsync();
        return _last is { Found: { IsStale: true } stale } ? stale : await polling.WaitAsync(cancellationToken);
    }

    private FoundRelease? Known() => _last is { } last && _time.GetElapsedTime(last.At) < PollInterval ? last.Found : null;

    private async Task<FoundRelease> PollAsync()
    {
        if (Known() is { } known) // by the poll before this one
            return known;
        var at = _time.GetTimestamp();
        try
        {
            var found = await ReadAsync();
            _last = new Answer(found, at);
            return found;
        }
        catch (Exception e) when (StoreFailure.Is(e) && _last is { Found.Last: not null })
        {
            var stale = _last.Found with { IsStale = true };
            _last = new Answer(stale, _time.GetTimestamp());
            return stale;
        }
    }

    private async Task<FoundRelease> ReadAsync()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (last, spent) = await _store.FindLastAsync(CancellationToken.None);
            if (last is null)
                break;
            if (!_options.Allow(last.EpsilonThousandths))
                return new FoundRelease(null, IsWithheld: true, NextAt: await _store.FindRoomAsync(spent, CancellationToken.None));
            var known = _last?.Found.Last is { } before && before.About.Number == last.Number ? before.Counts : null;
            if ((known ?? await _store.FindCountsAsync(last.Number, CancellationToken.None)) is { } counts)
                return new FoundRelease(new LastRelease(Release.Of(last, counts, spent, _options), counts));
        }

        return new FoundRelease(null);
    }

    /// <param name="At">Timestamp of when the database was asked.</param>
    private sealed record Answer(FoundRelease Found, long At);
}

/// <summary>What there is to answer with.</summary>
/// <param name="Last">Null if there is no release yet, or none that the settings allow.</param>
/// <param name="IsStale">Whether the database could not be asked for a later one.</param>
/// <param name="IsWithheld">Whether there is one that the settings do not allow.</param>
/// <param name="NextAt">When the budget has room for the next one, if that one is awaited; null if it has room now.</param>
internal sealed record FoundRelease(LastRelease? Last, bool IsStale = false, bool IsWithheld = false, DateTime? NextAt = null)
{
    /// <summary>As answers have it: null if it is not stale.</summary>
    public bool? Stale => IsStale ? true : null;
}
