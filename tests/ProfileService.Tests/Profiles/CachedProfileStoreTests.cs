using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Profiles;

namespace ProfileService.Tests.Profiles;

/// <summary>Profiles in Postgres behind the read cache in Redis.</summary>
[Needs(Need.Server)]
public sealed class CachedProfileStoreTests(TestServers servers) : ProfileStoreContract
{
    private RedisConnection? _redis;

    [Fact]
    public async Task CachedProfileIsFoundWithoutPostgres()
    {
        await Store.StoreAsync([Profile("u1", revision: 5)], Token);
        await using var db = Context();
        await PostgresRoles.ExecuteAsync(db.Database.GetConnectionString()!, "DROP TABLE profiles");
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
    public async Task WriterThatComesLateReplacesNeitherTheDatabaseNorTheCache()
    {
        await Store.StoreAsync([Profile("u1", revision: 5)], Token);
        await Store.StoreAsync([Profile("u1", revision: 4)], Token);
        Assert.Equal(5, (await Store.FindAsync("u1", M1, Token))!.Revision);
        await FlushAsync();
        await Store.StoreAsync([Profile("u1", revision: 4)], Token);
        Assert.Equal(5, (await Store.FindAsync("u1", M1, Token))!.Revision);
    }

    /// <summary>A value that was altered is as good as none, and the next reader writes it anew, whatever it says of its revision.</summary>
    [Fact]
    public async Task AnyFlippedBitIsReadFromTheDatabaseAndMended()
    {
        await Store.StoreAsync([Profile("u1", revision: 1_790_000_000_005), Profile("u2", revision: 1_790_000_000_005)], Token);
        var key = await _redis!.Primaries[0].KeysAsync(_redis.Database.Database, "*:u1").FirstAsync(Token);
        byte[] value = (await _redis.Database.StringGetAsync(key))!;
        byte[] another = (await _redis.Database.StringGetAsync(await _redis.Primaries[0].KeysAsync(_redis.Database.Database, "*:u2").FirstAsync(Token)))!;
        byte[][] altered =
        [
            .. Enumerable.Range(0, 8 * value.Length).Select(bit => value.Select((b, at) => at == bit / 8 ? (byte)(b ^ (1 << (bit % 8))) : b).ToArray()),
            .. Enumerable.Range(1, value.Length - 1).Select(length => value[..length]),
            [.. value, 0], new byte[value.Length], another,
        ];
        foreach (var bad in altered)
        {
            await _redis.Database.StringSetAsync(key, bad);
            var found = (await Store.FindAsync("u1", M1, Token))!;
            Assert.Equal(1_790_000_000_005, found.Revision);
            Assert.Equal(Profile("u1", revision: 1).Vector, found.Vector);
            await Eventually.IsTrueAsync(async () => ((byte[])(await _redis.Database.StringGetAsync(key))!).SequenceEqual(value));
        }
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
            .AddLogging()
            .AddMetrics()
            .AddSingleton<ProfileMetrics>()
            .AddSingleton(_redis)
            .AddSingleton(new RedisPartitions(16))
            .AddSingleton<ProfileCache>()
            .AddSingleton(_ => PostgresConnection.Open(database))
            .AddPostgresProfiles();
    }

    private async Task FlushAsync() => await (await servers.RedisAsync()).FlushAsync(_redis!.Database.Database);

    private ValueTask<int> CountKeysAsync() => _redis!.Primaries[0].KeysAsync(_redis.Database.Database).CountAsync(Token);
}
