using ProfileService.Profiles;
using ProfileService.Similar;
using ProfileService.Windows;

namespace ProfileService.Privacy;

/// <summary>
/// Removes the copies of profiles that were deleted in the database: in this process's memory, in Redis's read cache, in the index of
/// similar users. What a lookup puts into the cache at the same moment leaves it after Profiles:CacheTtl.
/// </summary>
internal sealed class ProfileCopies(
    ErasedUsers memories, DatabaseEraser database, ProfileCache? cache = null, PgvectorTable? vectors = null)
{
    public async Task RemoveAsync(IReadOnlyList<string> userIds, CancellationToken cancellationToken)
    {
        foreach (var userId in userIds)
            memories.Drop(userId);
        if (cache is not null)
            await cache.DeleteAsync(userIds, await database.FindStampsAsync(cancellationToken));
        if (vectors is not null)
            await vectors.DeleteAsync([.. userIds], [.. userIds.Select(_ => long.MaxValue)], cancellationToken);
    }
}
