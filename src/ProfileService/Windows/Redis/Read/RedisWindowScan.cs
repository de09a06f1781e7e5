using System.Runtime.CompilerServices;
using ProfileService.Platform;
using ProfileService.Windows.Redis.Layout;

namespace ProfileService.Windows.Redis.Read;

/// <summary>Finds all users that have a window.</summary>
internal sealed class RedisWindowScan(RedisConnection redis, RedisWindowKeys keys)
{
    private const int PageSize = 1_000;
    private const int KeysPerCall = 100; // while a call looks at keys, every other command of the server waits

    /// <summary>The users, page by page. A user whose window exists during the whole scan is returned at least once.</summary>
    /// <exception cref="IOException">Some windows cannot be reached. Thrown after the pages of the others.</exception>
    public async IAsyncEnumerable<IReadOnlyList<string>> ReadPagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var server in redis.Primaries)
        {
            var page = new List<string>(PageSize);
            var found = server.KeysAsync(redis.Database.Database, RedisWindowKeys.AnyWindow, KeysPerCall);
            await foreach (var key in found.WithCancellation(cancellationToken))
            {
                if (RedisWindowKeys.UserOf(key) is var user && keys.Window(user) != key)
                    continue; // another key that looks like a window's
                page.Add(user);
                if (page.Count < PageSize)
                    continue;
                yield return page;
                page = new List<string>(PageSize);
            }

            yield return page;
        }

        if (redis.LostSlots is > 0 and var lost)
            throw new IOException($"{lost:N0} slots of the cluster are served by no server, so that not every window can be reached.");
    }

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        await foreach (var page in ReadPagesAsync(cancellationToken))
        {
            if (page.Count > 0)
                return false;
        }

        return true;
    }
}
