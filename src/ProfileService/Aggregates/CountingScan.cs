using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ProfileService.Items;
using ProfileService.Platform;
using ProfileService.Windows;

namespace ProfileService.Aggregates;

/// <summary>
/// Counts the windows of all users, one after the other, so that it keeps no more than one read in progress. Its memory grows by 20 to 60
/// bytes a user, and with the items of the catalogue that were met.
/// </summary>
internal sealed class CountingScan(IWindowEraser users, IWindowStore windows, ItemCatalogue catalogue)
{
    private const int KeyBytes = 32;

    /// <param name="recent">From when on an event is recent.</param>
    /// <param name="onPage">Called after each page of users.</param>
    public async Task<ExactCounts> CountAsync(
        int mostPerUser, DateTime recent, Func<Task> onPage, CancellationToken cancellationToken)
    {
        var (counts, seen, key) = (new ExactCounts(), new HashSet<ulong>(), RandomNumberGenerator.GetBytes(KeyBytes));
        var since = EventTime.FromUtc(recent);
        await foreach (var page in users.ReadUsersAsync(cancellationToken))
        {
            // A scan may return a user twice, who would count twice then. The hash's key is random: nobody can choose an id of equal hash.
            foreach (var userId in page.Where(id => seen.Add(HashOf(key, id))))
            {
                if (await FindAsync(userId, cancellationToken) is { Events.Count: > 0 } window)
                    counts.Add(UserContribution.Of(window, catalogue, mostPerUser, since));
            }

            await onPage();
        }

        return counts;
    }

    private async Task<Window?> FindAsync(string userId, CancellationToken cancellationToken)
    {
        try
        {
            return (await windows.FindAsync(userId, cancellationToken))?.Window;
        }
        catch (UnreadableWindowException)
        {
            return null; // logged where it was read
        }
    }

    private static ulong HashOf(byte[] key, string userId) =>
        BinaryPrimitives.ReadUInt64LittleEndian(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(userId)));
}
