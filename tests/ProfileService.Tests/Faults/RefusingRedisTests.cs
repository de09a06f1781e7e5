namespace ProfileService.Tests.Faults;

/// <summary>Readiness is red for whatever reason a Redis refuses events, and green again when it is over.</summary>
[Needs(Need.Server)]
public sealed class RefusingRedisTests(RefusingRedis refusing) : IClassFixture<RefusingRedis>
{
    /// <summary>What makes a Redis refuse events, and what ends it.</summary>
    public static TheoryData<string, string> RedisFaults => new()
    {
        { "CONFIG SET maxmemory 1mb", "CONFIG SET maxmemory 0" },
        { "CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0" },
        { "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE" },
        { "ACL SETUSER profiles -eval -evalsha", RedisUsers.Restore },
        { "ACL SETUSER profiles -@write", RedisUsers.Restore },
        { "ACL SETUSER profiles -publish", RedisUsers.Restore },
        { "ACL SETUSER profiles resetchannels", RedisUsers.Restore },
        { "ACL SETUSER profiles -zadd", RedisUsers.Restore },
        { "ACL SETUSER profiles resetkeys ~other:*", RedisUsers.Restore },
    };

    [Theory]
    [MemberData(nameof(RedisFaults))]
    public async Task RedisThatRefusesEventsIsRedUntilItTakesThem(string fault, string end)
    {
        var (redis, service) = (refusing.Redis, refusing.Service);
        await ReadinessTests.AgreeAsync(service, takesEvents: true);

        await RedisLine.SendAsync(redis.Port, fault);
        try
        {
            await ReadinessTests.AgreeAsync(service, takesEvents: false);
            var told = $"{redis.Port} takes no events: ";
            await service.Client.ReadyAsync(ready => ready.DescriptionOf("windows").Contains(told, StringComparison.Ordinal));
        }
        finally // so that the next fault is the only one
        {
            await RedisLine.SendAsync(redis.Port, end);
        }

        await ReadinessTests.AgreeAsync(service, takesEvents: true);
    }
}

/// <summary>One Redis and one service for all faults, which take turns: a start of both costs more than a fault.</summary>
public sealed class RefusingRedis : IAsyncLifetime
{
    internal RedisServer Redis { get; private set; } = null!;

    internal TestService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisServer.StartAsync("--maxmemory-policy", "noeviction");
        Service = new TestService(("ConnectionStrings:Redis", Redis.ConnectionString()));
    }

    public async ValueTask DisposeAsync()
    {
        Service?.Dispose();
        if (Redis is not null)
            await Redis.DisposeAsync();
    }
}
