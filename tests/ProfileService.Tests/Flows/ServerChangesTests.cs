using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Storage;
using static ProfileService.Tests.Flows.FollowedLines;

namespace ProfileService.Tests.Flows;

/// <summary>Windows in Redis, all else in Postgres.</summary>
[Needs(Need.Server)]
public sealed class ServerChangesTests(TestServers servers) : ChangesContract
{
    private (string, string)[] _settings = [];

    [Fact]
    public async Task ProfileOfATransactionThatCommitsLateIsNotMissed()
    {
        await StoreAsync("before", 1);
        await using var db = Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await using (var late = await db.Database.BeginTransactionAsync(Token))
        {
            await db.UpsertAsync([Profile("late", 1, Model)], [""], Token); // has its number, and is not visible
            await StoreAsync("early", 1);
            var (changes, cursor) = await Service.FollowAllAsync();
            Assert.Equal(["before"], changes.Select(change => change.UserOf()));
            await StoreAsync("earlier", 1);
            Assert.Empty((await Service.FollowAsync(cursor, "&wait=1")).Changes);
            await late.CommitAsync(Token);
            Assert.Equal(["late", "early", "earlier"], (await Service.FollowAllAsync(cursor)).Changes.Select(change => change.UserOf()));
        }
    }

    [Fact]
    public async Task TransactionThatIsRolledBackHoldsNothingBack()
    {
        await using var db = Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await using (var late = await db.Database.BeginTransactionAsync(Token))
        {
            await db.UpsertAsync([Profile("late", 1, Model)], [""], Token);
            await StoreAsync("early", 1);
            await late.RollbackAsync(Token);
        }

        Assert.Equal("early", Assert.Single((await Service.FollowAllAsync()).Changes).UserOf());
    }

    [Fact]
    public async Task OtherTransactionsHoldNothingBack()
    {
        await using var db = Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await using var other = await db.Database.BeginTransactionAsync(Token);
        await db.Database.ExecuteSqlRawAsync("UPDATE erased_users SET sequence = sequence", Token);
        await StoreAsync("a", 1);
        Assert.Single((await Service.FollowAllAsync()).Changes);
    }

    [Fact]
    public async Task NothingIsMissedWhileManyStoreAtOnce()
    {
        const int writers = 8;
        const int users = 200;
        var storing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var user = 0; user < users; user++)
                await StoreAsync($"w{writer}-{user}", 1);
        }, Token)));
        var (seen, cursor) = (new HashSet<string>(), Beginning);
        while (!storing.IsCompleted)
            await TakeAsync("");
        await storing;
        await TakeAsync("");
        await TakeAsync("");
        Assert.Equal(writers * users, seen.Count);

        async Task TakeAsync(string more)
        {
            var (changes, next) = await Service.FollowAllAsync(cursor, more);
            cursor = next;
            seen.UnionWith(changes.Select(change => change.UserOf()!));
        }
    }

    [Fact]
    public async Task ChangeByOneReplicaIsToldByAnother()
    {
        using var other = new TestService(_settings);
        using var changes = new SteppedFeed(other);
        var waiting = changes.WaitAsync();
        Assert.False(waiting.IsCompleted);
        await StoreAsync("a", 1);
        changes.Time.Advance(SteppedFeed.Look);
        await SteppedFeed.EndedAsync(waiting);
        Assert.Equal("a", Assert.Single((await waiting).Changes).UserId);
        Assert.Empty((await Service.FollowAsync($"{(await waiting).Next}")).Changes); // a cursor is of the database, not of a replica
    }

    [Fact]
    public async Task ChangesAreFoundByTheirIndex()
    {
        await StoreAsync([.. Enumerable.Range(0, 20_000).Select(u => ($"u{u}", 1L))]);
        await using var db = Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await PostgresRoles.ExecuteAsync(db.Database.GetConnectionString()!, "ANALYZE profiles");
        const string query = "EXPLAIN SELECT user_id FROM profiles WHERE change > 19900 AND change <= 20000 ORDER BY change LIMIT 1000";
        var plan = await db.Database.SqlQueryRaw<string>(query).ToListAsync(Token);
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    private protected override async Task<TestService> StartAsync()
    {
        var redis = await servers.RedisAsync();
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        _settings = [("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())), ("ConnectionStrings:Postgres", postgres)];
        return new TestService(_settings);
    }
}
