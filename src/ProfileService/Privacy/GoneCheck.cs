using Microsoft.EntityFrameworkCore;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>Reads every store after an erasure, so that a receipt says what was seen and not what was meant.</summary>
internal sealed class GoneCheck(
    IWindowStore windows, IDbContextFactory<ProfileDbContext> contexts, ProfileCache? cache = null)
{
    /// <param name="stamps">The models by which Redis may have profiles.</param>
    /// <exception cref="NotGoneException">Something from before the erasure is there.</exception>
    public async Task RunAsync(
        IReadOnlyDictionary<string, ErasureMark> marks, IReadOnlyList<ModelStamp> stamps, CancellationToken cancellationToken)
    {
        List<string> users = [.. marks.Keys];
        var remembered = await Task.WhenAll(users.Select(user => windows.FindSeenAsync(user, cancellationToken)));
        var (revisions, profiles, cached) = (
            windows.FindRevisionsAsync(users, cancellationToken),
            FindProfilesAsync(users, cancellationToken),
            FindCachedAsync(users, stamps));
        await Task.WhenAll(revisions, profiles, cached);
        var found = await revisions;
        if (users.Where((user, i) => found[i] <= marks[user].Floor).Any())
            throw new NotGoneException("a window is still there");
        if (users.Where((_, i) => found[i] is null && remembered[i] is not null).Any()) // with a window it may be of after the erasure
            throw new NotGoneException("what the user met is still there");
        if ((await profiles).Any(p => p.Revision <= marks[p.UserId].Floor))
            throw new NotGoneException("a profile is still in the database");
        if ((await cached).Any(p => p.Revision <= marks[p.UserId].Floor))
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

    private async Task<IReadOnlyList<Profile>> FindCachedAsync(List<string> users, IReadOnlyList<ModelStamp> stamps) => cache is null
        ? []
        : [.. (await Task.WhenAll(stamps.Select(stamp => cache.FindAsync(users, stamp)))).SelectMany(found => found).OfType<Profile>()];
}
