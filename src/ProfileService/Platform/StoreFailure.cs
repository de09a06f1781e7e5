using System.Data.Common;
using System.Net.Sockets;
using StackExchange.Redis;

namespace ProfileService.Platform;

/// <summary>
/// Recognises exceptions that mean that a store is unavailable, full or read-only. The caller may then use another source, or try again
/// later.
/// </summary>
internal static class StoreFailure
{
    public static bool Is(Exception e) => IsOfRedis(e) || e is DbException or IOException or SocketException;

    /// <summary>
    /// Whether a call to Redis failed because of the server. The client raises RedisCommandException if no server can accept the command,
    /// for example after a failover.
    /// </summary>
    public static bool IsOfRedis(Exception e) => e is RedisException or RedisCommandException or TimeoutException;
}
