using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Hosting;
using ProfileService.Profiles;
using ProfileService.Tests.Servers;
using ProfileService.Windows;

namespace ProfileService.Tests.Profiles;

/// <summary>Profiles in Postgres behind the read cache in Redis.</summary>
public sealed class CachedProfileStoreTests(TestServers servers) : ProfileStoreContract
{
    private RedisConnection? _redis;

    [Fact]
    public async Task CachedProfileIsFoundWithoutPostgres()
    {
        await Store.StoreAsync([Profile("u1", revision: 5)], Token);
        await using var db = Context();
        await db.Database.ExecuteSqlRawAsync("DROP TABLE profiles", Token);
        Assert.Equal(5, (await Store.FindAsync("u1", M1, Token))!.Revision);
        Assert.Equal(5, Assert.Single((await Store.FindAsync(["u1"], M1, Token)).Profiles).Revision);
    }

    [Fact]
    public async Task FlushedCacheIsFilledFromPostgresAgain()
    {
        await Store.StoreAsync([Profile("u1", revision: 5), Profile("u2", revision: 6)], Token);
        await FlushAsync();
        Assert.Equal(5, (await Store.FindAsync("u1", M1, Token))!.Revision);
        Assert.Equal([5, 6], (await Store.FindAsync(["u1", "u2"], M1, Token)).Profiles.Select(p => p.Revision).Order());
        await Eventually.IsTrueAsync(async () => await CountKeysAsync() == 2);
    }

    [Fact]
    public async Task WriterThatComesLateReplacesNeitherTheRecordNorTheCache()
    {
        await Store.StoreAsync([Profile("u1", revision: 5)], Token);
        await Store.StoreAsync([Profile("u1", revision: 4)], Token);
        Assert.Equal(5, (await Store.FindAsync("u1", M1, Token))!.Revision);
        await FlushAsync();
        await Store.StoreAsync([Profile("u1", revision: 4)], Token);
        Assert.Equal(5, (await Store.FindAsync("u1", M1, Token))!.Revision);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _redis!.Dispose();
    }

    private protected override async Task<IServiceCollection> AddStoreAsync(IServiceCollection services)
    {
        var redis = await servers.RedisAsync();
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        _redis = new RedisConnection(redis.ConnectionString(redis.TakeDatabase()));
        return services
            .AddOptions()
            .AddSingleton(_redis)
            .AddSingleton(new RedisPartitions(16))
            .AddSingleton<ProfileCache>()
            .AddSingleton(_ => PostgresConnection.Open(database))
            .AddPostgresProfiles();
    }

    private Task FlushAsync() => _redis!.Primaries[0].FlushDatabaseAsync(_redis.Database.Database);

    private Task<long> CountKeysAsync() => _redis!.Primaries[0].DatabaseSizeAsync(_redis.Database.Database);
}
