using Microsoft.EntityFrameworkCore;
using ProfileService.Profiles;
using ProfileService.Windows;

namespace ProfileService.Attributes;

/// <summary>The attributes of record, beside the profiles. What a change of them makes due is in the windows.</summary>
internal sealed class AttributeStore(IDbContextFactory<ProfileDbContext> contexts, IWindowStore windows, UserChanges changes)
{
    private static readonly IReadOnlyDictionary<string, UserAttributes> Nobody = new Dictionary<string, UserAttributes>();

    public async Task<UserAttributes?> FindAsync(string userId, CancellationToken cancellationToken) =>
        (await FindAsync([userId], cancellationToken)).GetValueOrDefault(userId);

    /// <summary>The attributes of those users that have any.</summary>
    public async Task<IReadOnlyDictionary<string, UserAttributes>> FindAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = await db.Attributes.AsNoTracking().Where(a => userIds.Contains(a.UserId)).ToListAsync(cancellationToken);
        return found.Count == 0 ? Nobody : found.ToDictionary(a => a.UserId);
    }

    /// <summary>
    /// Replaces the attributes of users, each named once, and makes them due. In this order: a refresh that begins after the second step reads
    /// what the first one stored. Where the second fails, sending it again does it.
    /// </summary>
    public async Task StoreAsync(IReadOnlyList<UserAttributes> users, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            await db.UpsertAsync(users, cancellationToken);
        var userIds = users.Select(u => u.UserId).ToList();
        await windows.TouchAsync(userIds, cancellationToken);
        foreach (var userId in userIds)
            changes.Note(userId);
    }
}
