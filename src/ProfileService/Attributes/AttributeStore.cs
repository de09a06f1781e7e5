using Microsoft.EntityFrameworkCore;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Attributes;

/// <summary>The attributes of record, beside the profiles. What a change of them makes due is in the windows.</summary>
internal sealed class AttributeStore(IDbContextFactory<ProfileDbContext> contexts, IWindowStore windows)
{
    // Asked with every batch that is refreshed. Of this instance: a compiled query is bound to the database that it first ran on.
    private readonly Func<ProfileDbContext, string[], IAsyncEnumerable<AttributesRow>> _ofUsers = EF.CompileAsyncQuery(
        (ProfileDbContext db, string[] userIds) => db.Attributes.AsNoTracking().Where(a => userIds.Contains(a.UserId)));

    public async Task<AttributesRow?> FindAsync(string userId, CancellationToken cancellationToken) =>
        (await FindAsync([userId], cancellationToken)).GetValueOrDefault(userId);

    /// <summary>The attributes of those users that have any.</summary>
    public async Task<IReadOnlyDictionary<string, AttributesRow>> FindAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var found = new Dictionary<string, AttributesRow>();
        await foreach (var user in _ofUsers(db, [.. userIds]).WithCancellation(cancellationToken))
            found[user.UserId] = user;
        return found;
    }

    /// <summary>
    /// Replaces the attributes of users, each named once, and makes them due. In this order: a refresh that begins after the second step reads
    /// what the first one stored. Where the second fails, sending it again does it.
    /// </summary>
    public async Task StoreAsync(IReadOnlyList<AttributesRow> users, CancellationToken cancellationToken)
    {
        await using (var db = await contexts.CreateDbContextAsync(cancellationToken))
            await db.UpsertAsync(users, cancellationToken);
        await windows.TouchAsync([.. users.Select(u => u.UserId)], cancellationToken);
    }
}
