using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy.Merging;

/// <summary>
/// Brings the aliases of the record into this process's memory. <see cref="ErasureWatch"/> calls it, one call at a time and before it reads
/// the ledger, so that an alias that was erased does not stay. Reads one page and no more while nothing changes.
/// </summary>
internal sealed class AliasFollower(AliasStore store, UserAliases aliases, ErasedUsers memories)
{
    private long _read; // sequence of the last change that was read

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (await store.ReadPageAsync(_read, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var row in page)
                Take(row);
            _read = page[^1].Sequence;
        }
    }

    private void Take(AliasRow row)
    {
        aliases.Take(row.UserId, new UserAlias(row.PersonId, row.ErasedBefore));
        memories.Drop(row.UserId); // profiles and vectors under the alias
    }
}
