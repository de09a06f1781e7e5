using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Deletes profiles and attributes of users of whom nothing came for <see cref="PrivacyOptions.IdleTtl"/>. Whoever has a window stays: the
/// window goes first, after Windows:IdleTtl.
/// </summary>
internal sealed class IdleUsers(
    IDbContextFactory<ProfileDbContext> contexts,
    IWindowStore windows,
    ErasedUsers memories,
    ProfileCopies copies,
    IOptions<PrivacyOptions> options,
    TimeProvider time)
{
    private const int PageSize = 1_000;

    /// <summary>Goes through all profiles and attributes once. Returns how many users lost something.</summary>
    public async Task<int> DropAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow().UtcDateTime - options.Value.IdleTtl;
        return await DropAsync((after, token) => FindProfilesAsync(before, after, token), (users, token) =>
                DeleteProfilesAsync(users, before, token), cancellationToken)
            + await DropAsync((after, token) => FindAttributesAsync(before, after, token), (users, token) =>
                DeleteAttributesAsync(users, before, token), cancellationToken);
    }

    /// <summary>Drops from this process's memory users whose profiles another process has deleted.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        foreach (var users in memories.UsersInMemory().Chunk(PageSize))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            var found = await db.Profiles.AsNoTracking().Where(p => users.Contains(p.UserId)).Select(p => p.UserId)
                .ToHashSetAsync(cancellationToken);
            foreach (var user in users.Where(user => !found.Contains(user)))
                memories.Drop(user);
        }
    }

    private async Task<int> DropAsync(
        Func<string, CancellationToken, Task<List<string>>> find,
        Func<List<string>, CancellationToken, Task<int>> delete,
        CancellationToken cancellationToken)
    {
        var (dropped, after) = (0, "");
        while (await find(after, cancellationToken) is { Count: > 0 } page)
        {
            var revisions = await windows.FindRevisionsAsync(page, cancellationToken);
            var idle = page.Where((_, i) => revisions[i] is null).ToList();
            dropped += idle.Count == 0 ? 0 : await delete(idle, cancellationToken);
            after = page[^1];
        }

        return dropped;
    }

    // EF translates the comparison to the order of the key, which is that of bytes on both databases.
    private async Task<List<string>> FindProfilesAsync(DateTime before, string after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Profiles.AsNoTracking()
            .Where(p => p.ComputedAt < before && string.Compare(p.UserId, after) > 0)
            .Select(p => p.UserId).Distinct().OrderBy(user => user).Take(PageSize).ToListAsync(cancellationToken);
    }

    private async Task<List<string>> FindAttributesAsync(DateTime before, string after, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Attributes.AsNoTracking()
            .Where(a => a.UpdatedAt < before && string.Compare(a.UserId, after) > 0 && !db.Profiles.Any(p => p.UserId == a.UserId))
            .Select(a => a.UserId).OrderBy(user => user).Take(PageSize).ToListAsync(cancellationToken);
    }

    // Copies first: if that fails, the profiles are found again.
    private async Task<int> DeleteProfilesAsync(List<string> users, DateTime before, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await copies.RemoveAsync(await FindWithoutAsync(p => p.ComputedAt >= before), cancellationToken);
        await db.Profiles.Where(p => users.Contains(p.UserId) && p.ComputedAt < before).ExecuteDeleteAsync(cancellationToken);
        var gone = await FindWithoutAsync(_ => true);
        await copies.RemoveAsync(gone, cancellationToken); // what was copied meanwhile
        return gone.Count;

        async Task<List<string>> FindWithoutAsync(Expression<Func<Profile, bool>> any)
        {
            var found = await db.Profiles.AsNoTracking().Where(p => users.Contains(p.UserId)).Where(any).Select(p => p.UserId)
                .ToHashSetAsync(cancellationToken);
            return users.FindAll(user => !found.Contains(user));
        }
    }

    private async Task<int> DeleteAttributesAsync(List<string> users, DateTime before, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Attributes.Where(a => users.Contains(a.UserId) && a.UpdatedAt < before).ExecuteDeleteAsync(cancellationToken);
    }
}
