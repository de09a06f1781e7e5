using ProfileService.Items;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Windows;

namespace ProfileService.Aggregates;

/// <summary>
/// Counts the windows of all users whose purposes allow a profile. Its memory is that of <see cref="WindowScan"/>, and grows with the items
/// of the catalogue that were met.
/// </summary>
internal sealed class CountingScan(WindowScan windows, UserPurposes purposes, ItemCatalogue catalogue)
{
    /// <param name="recent">From when on an event is recent.</param>
    /// <param name="onPage">Called after each page of users.</param>
    public async Task<ExactCounts> CountAsync(
        int mostPerUser, DateTime recent, Func<Task> onPage, CancellationToken cancellationToken)
    {
        var (counts, since) = (new ExactCounts(), EventTime.FromUtc(recent));
        await foreach (var window in windows.ReadAsync(id => purposes.Allow(id, Purpose.Profile), onPage, cancellationToken))
        {
            if (window.Events.Count > 0)
                counts.Add(UserContribution.Of(window, catalogue, mostPerUser, since));
        }

        return counts;
    }
}
