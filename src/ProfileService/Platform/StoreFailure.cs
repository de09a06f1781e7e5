using System.Data.Common;
using System.Net.Sockets;
using StackExchange.Redis;

namespace ProfileService.Platform;

/// <summary>Which exceptions mean that a store is away, full or read-only: what it holds may be answered from elsewhere, or another time.</summary>
internal static class StoreFailure
{
    public static bool Is(Exception e) => IsOfRedis(e) || e is DbException or IOException or SocketException;

    /// <summary>Of a call to Redis. A command is refused on this side (RedisCommandException) where no server may take it, as after a failover.</summary>
    public static bool IsOfRedis(Exception e) => e is RedisException or RedisCommandException or TimeoutException;
}
