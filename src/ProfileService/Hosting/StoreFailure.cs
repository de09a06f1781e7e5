using System.Data.Common;
using System.Net.Sockets;
using StackExchange.Redis;

namespace ProfileService.Hosting;

/// <summary>Which exceptions mean that a store is away, full or read-only: what it holds may be answered from elsewhere, or another time.</summary>
internal static class StoreFailure
{
    public static bool Is(Exception e) => e is DbException or RedisException or RedisCommandException or TimeoutException or IOException or SocketException;
}
