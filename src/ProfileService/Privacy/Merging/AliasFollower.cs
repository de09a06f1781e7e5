using System.Runtime.CompilerServices;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy.Merging;

/// <summary>
/// Brings the aliases of the database into this process's memory. <see cref="ErasureWatch"/> calls it, one call at a time and before it
/// reads the ledger, so that an alias that was erased does not stay. Reads one page and no more while nothing changes.
/// </summary>
internal sealed class AliasFollower(AliasStore store, UserAliases aliases, ErasedUsers memories, MisplacedWindows misplaced)
{
    private long _read; // sequence of the last change that was read

    /// <summary>Reads all aliases.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in ReadAsync(cancellationToken))
        {
        }
    }

    /// <summary>Reads new aliases. Until now this process may have written under them, or refreshed what others wrote.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await foreach (var row in ReadAsync(cancellationToken))
            misplaced.Add([row.UserId]);
    }

    /// <summary>
    /// Restores aliases that were dropped wrongly: if a user was erased and then merged again, this process may read of both in one turn.
    /// It reads the new alias first, and then drops it because of the older erasure.
    /// </summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        while (aliases.FindDropped() is { } userId)
        {
            if (await store.FindAsync(userId, cancellationToken) is { } row)
                aliases.Take(row.UserId, AliasStore.AliasOf(row));
            aliases.Settle();
        }
    }

    private async IAsyncEnumerable<AliasRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await store.ReadPageAsync(_read, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                aliases.Take(row.UserId, AliasStore.AliasOf(row));
                memories.Drop(row.UserId); // profiles and vectors under the alias
                yield return row;
            }

            _read = page[^1].Sequence;
        }
    }
}
