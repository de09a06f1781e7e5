using ProfileService.Purposes;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Sets users' purposes. A user whose purposes no longer allow a profile loses it: first in the database, in the transaction of the change,
/// then where copies are. A user whose purposes allow one again is refreshed.
/// </summary>
internal sealed class PurposeSetter(PurposeStore store, UserPurposes purposes, ProfileCopies copies, IDueQueue queue)
{
    public async Task<IReadOnlyList<PurposeChange>> SetAsync(
        IReadOnlyDictionary<string, Purpose> users, CancellationToken cancellationToken)
    {
        var changes = await store.SetAsync(users, cancellationToken);
        await FollowAsync(changes, cancellationToken);
        return changes;
    }

    /// <summary>Sets the purposes of all ids of a person to what each of them allows, so that none begins to allow anything.</summary>
    public async Task NarrowAsync(string personId, CancellationToken cancellationToken)
    {
        var changes = await store.NarrowAsync(personId, cancellationToken);
        await FollowAsync([.. changes.Where(c => c.IsNew || !c.Row.Profile)], cancellationToken);
    }

    private async Task FollowAsync(IReadOnlyList<PurposeChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
            purposes.Take(change.Row);
        // Unchanged purposes are applied again: the first attempt may have failed.
        if (UsersOf(changes.Where(c => !c.Row.Profile)) is { Count: > 0 } ended)
            await copies.RemoveAsync(ended, cancellationToken);
        if (UsersOf(changes.Where(c => c.Begins(Purpose.Profile) || (c.Row.Profile && !c.IsNew))) is { Count: > 0 } begun)
            await queue.MarkDueAsync(begun, cancellationToken);
    }

    private static List<string> UsersOf(IEnumerable<PurposeChange> changes) => [.. changes.Select(c => c.UserId)];
}
