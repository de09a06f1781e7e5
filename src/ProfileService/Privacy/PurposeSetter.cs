using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Similar;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Sets users' purposes. Whose purposes no longer allow a profile loses it: first in the record, in the transaction of the change, then
/// where copies are. Whose purposes allow one again is refreshed.
/// </summary>
internal sealed class PurposeSetter(
    PurposeStore store,
    UserPurposes purposes,
    RecordEraser record,
    IDueQueue queue,
    ErasedUsers memories,
    ProfileCache? cache = null,
    PgvectorTable? vectors = null)
{
    public async Task<IReadOnlyList<PurposeChange>> SetAsync(
        IReadOnlyDictionary<string, Purpose> users, CancellationToken cancellationToken)
    {
        var changes = await store.SetAsync(users, cancellationToken);
        foreach (var change in changes)
            purposes.Take(change.Row);
        // What is not new is done again: it may have failed the first time.
        if (UsersOf(changes.Where(c => !c.Row.Profile)) is { Count: > 0 } ended)
            await RemoveCopiesAsync(ended, cancellationToken);
        if (UsersOf(changes.Where(c => c.Begins(Purpose.Profile) || (c.Row.Profile && !c.IsNew))) is { Count: > 0 } begun)
            await queue.MarkDueAsync(begun, cancellationToken);
        return changes;
    }

    /// <summary>Deletes the profiles of users whose purposes do not allow one.</summary>
    public async Task RemoveProfilesAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await record.DeleteProfilesAsync(userIds, cancellationToken);
        await RemoveCopiesAsync(userIds, cancellationToken);
    }

    private static List<string> UsersOf(IEnumerable<PurposeChange> changes) => [.. changes.Select(c => c.UserId)];

    /// <summary>What a lookup or a refresh under way puts there afterwards is not answered, and leaves the cache in time.</summary>
    private async Task RemoveCopiesAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        foreach (var userId in userIds)
            memories.Drop(userId);
        if (cache is not null)
            await cache.DeleteAsync(userIds, await record.FindStampsAsync(cancellationToken));
        if (vectors is not null)
            await vectors.DeleteAsync([.. userIds], [.. userIds.Select(_ => long.MaxValue)], cancellationToken);
    }
}
