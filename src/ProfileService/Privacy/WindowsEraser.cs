using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Privacy.Merging;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Erases the windows of users, with their cached profiles, and sets the marks. Events of a person may have come by any of its ids;
/// therefore the marks of all of them reach as far as the farthest: aliases are erased first, so that what was read of them to be moved is
/// from before the person's mark.
/// </summary>
internal sealed class WindowsEraser(IWindowEraser windows, ProfileCache? cache = null)
{
    /// <param name="revisions">The highest revision of each user's profiles.</param>
    /// <param name="served">The models by which Redis may have profiles.</param>
    public async Task<IReadOnlyDictionary<string, ErasedWindow>> EraseAsync(
        PersonGroup group,
        IReadOnlyDictionary<string, long> revisions,
        IReadOnlyList<ModelStamp> served,
        CancellationToken cancellationToken)
    {
        var order = Erasures.OrderOf(group.Pending[0].Receipt);
        var pending = group.Pending.ToDictionary(p => p.UserId);
        var erased = new Dictionary<string, ErasedWindow>(StringComparer.Ordinal);
        var persons = group.Aliases.Values.ToHashSet();
        await EraseEachAsync(group.Pending.Select(p => p.UserId).Where(id => !persons.Contains(id)), _ => 0);
        var farthest = group.Aliases.ToLookup(a => a.Value, a => erased[a.Key].Mark.ErasedBefore);
        await EraseEachAsync(persons, person => farthest[person].Max());
        await EraseEachAsync(group.Aliases.Keys, alias => erased[group.Aliases[alias]].Mark.ErasedBefore);
        return erased;

        async Task EraseEachAsync(IEnumerable<string> userIds, Func<string, long> erasedBefore)
        {
            foreach (var (user, window) in await Task.WhenAll(userIds.Select(async user => (user, await windows.EraseAsync(
                user,
                new WindowErasure(order, pending[user].AreWindowsErased ? EventTime.FromUtc(pending[user].RequestedAt) : null),
                new ErasureMark(erasedBefore(user), revisions.GetValueOrDefault(user), order),
                cache?.KeysOf(user, served) ?? [],
                cancellationToken)))))
                erased[user] = Both(erased.GetValueOrDefault(user), window);
        }
    }

    private static ErasedWindow Both(ErasedWindow before, ErasedWindow last) =>
        new(last.Mark, before.Windows + last.Windows, before.Events + last.Events, before.Copies + last.Copies);
}
