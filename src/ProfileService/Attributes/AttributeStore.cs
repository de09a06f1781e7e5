using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Attributes;

/// <summary>The users' attributes, in the database of the profiles. A change makes its user due in the window store.</summary>
internal sealed class AttributeStore(IDbContextFactory<ProfileDbContext> contexts, IWindowStore windows)
{
    // Runs for every batch that is refreshed. Not static: a compiled query is bound to the database that it first ran on.
    private readonly Func<ProfileDbContext, string[], IAsyncEnumerable<AttributesRow>> _ofUsers = EF.CompileAsyncQuery(
        (ProfileDbContext db, string[] userIds) => db.Attributes.AsNoTracking().Where(a => userIds.Contains(a.UserId)));

    public async Task<AttributesRow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        (await FindAsync([userId], cancellationToken)).GetValueOrDefault(userId);

    /// <summary>Returns the attributes of those users that have any.</summary>
    public async Task<IReadOnlyDictionary<string, AttributesRow>> FindAsync(
        IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = new Dictionary<string, AttributesRow>();
        await foreach (var user in _ofUsers(db, [.. userIds]).WithCancellation(cancellationToken))
            found[user.UserId] = user;
        return found;
    }

    /// <summary>
    /// Replaces the attributes of users and makes the users due, in this order, so that the refresh reads the new attributes. If the second
    /// step fails, the client's retry completes it.
    /// </summary>
    /// <param name="users">At most one row per user.</param>
    public async Task StoreAsync(IReadOnlyList<AttributesRow> users, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            await db.UpsertAsync(users, cancellationToken);
        await windows.TouchAsync([.. users.Select(u => u.UserId)], cancellationToken);
    }
}
