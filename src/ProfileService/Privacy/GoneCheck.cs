using Microsoft.EntityFrameworkCore;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>Reads every store after an erasure, so that a receipt says what was seen and not what was meant.</summary>
internal sealed class GoneCheck(
    IWindowStore windows, RecordEraser record, IDbContextFactory<ProfileDbContext> contexts, ProfileCache? cache = null)
{
    /// <exception cref="NotGoneException">Something of before the erasure is there.</exception>
    public async Task RunAsync(IReadOnlyDictionary<string, ErasureMark> marks, CancellationToken cancellationToken)
    {
        List<string> users = [.. marks.Keys];
        var revisions = await windows.FindRevisionsAsync(users, cancellationToken);
        if (users.Where((user, i) => revisions[i] <= marks[user].Floor).Any())
            throw new NotGoneException("a window is still there");
        if ((await FindProfilesAsync(users, cancellationToken)).Any(p => p.Revision <= marks[p.UserId].Floor))
            throw new NotGoneException("a profile is still in the record");
        if ((await FindCachedAsync(users, cancellationToken)).Any(p => p.Revision <= marks[p.UserId].Floor))
            throw new NotGoneException("a profile is still in Redis");
    }

    private async Task<IReadOnlyList<(string UserId, long Revision)>> FindProfilesAsync(
        List<string> users, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Profiles.AsNoTracking().Where(p => users.Contains(p.UserId)).Select(p => new { p.UserId, p.Revision })
            .ToListAsync(cancellationToken);
        return found.ConvertAll(p => (p.UserId, p.Revision));
    }

    private async Task<IEnumerable<Profile>> FindCachedAsync(List<string> users, CancellationToken cancellationToken)
    {
        if (cache is null)
            return [];
        var stamps = await record.FindStampsAsync(cancellationToken);
        return (await Task.WhenAll(stamps.Select(stamp => cache.FindAsync(users, stamp)))).SelectMany(found => found).OfType<Profile>();
    }
}
