using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Privacy.Merging;
using ProfileService.Storage;
using ProfileService.Windows;
using StackExchange.Redis;

namespace ProfileService.Tests.Privacy;

/// <summary>What is done about it if Redis or the database forgets an erasure.</summary>
[Needs(Need.Server)]
public sealed class LostMarksTests(TestServers servers) : ServiceToEraseFrom
{
    private string _redisString = "";
    private string _database = ""; // as superuser, who may bring back what a backup would

    /// <summary>As after a failover to a replica that had received neither the erasure nor the mark.</summary>
    [Fact]
    public async Task WindowAndCachedProfileThatARedisBringsBackAreErasedAgain()
    {
        await FillAsync(Canary);
        using var redis = new RedisConnection(_redisString);
        var kept = await KeepAsync(redis);
        await EraseAsync(Canary);
        await BringBackAsync(redis, kept);
        Assert.Equal(200, (await Service.GetAsync($"/v1/users/{Canary}/window")).Status);

        await Service.Services.GetRequiredService<MarkKeeper>().RestoreAsync(DateTime.MinValue, Token);
        await Eventually.IsTrueAsync(async () => (await Service.GetAsync($"/v1/users/{Canary}/window")).Status == 404);
        await Eventually.IsTrueAsync(async () => await redis.Primaries[0].KeysAsync(redis.Database.Database, $"*{Canary}*").CountAsync(Token) == 0);
        Assert.Equal(404, (await Service.GetAsync($"/v1/users/{Canary}/profile")).Status);
        Assert.Equal(1, (await Service.PostAsync("/v1/events", EventAt(-1, Canary).Json())).Json.GetProperty("erased").GetInt32());
    }

    /// <summary>The others, who are one person with the erased user since, were never erased.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)] // and the window cannot be read
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task OfAUserWhoWasMergedSinceTheWindowThatCameBackGoesAndNothingElse(bool isAlias, bool isUnreadable)
    {
        await FillAsync(Canary);
        using var redis = new RedisConnection(_redisString);
        var kept = await KeepAsync(redis);
        await EraseAsync(Canary);
        await FillAsync(Canary, at: 3);
        await FillAsync("ada");
        var (person, alias) = isAlias ? ("ada", Canary) : (Canary, "ada");
        Assert.Equal(200, (await Service.PostAsync($"/v1/users/{person}/merge", $$"""{"from":"{{alias}}"}""")).Status);
        await BringBackAsync(redis, kept);
        var windows = Service.Services.GetRequiredService<IAliasWindows>();
        Assert.NotNull(await windows.FindAsync(Canary, Token));
        if (isUnreadable)
            await redis.Database.StringAppendAsync(kept.Single(k => k.Key.ToString().Contains(":w:", StringComparison.Ordinal)).Key, "x");

        await Service.Services.GetRequiredService<MarkKeeper>().RestoreAsync(DateTime.MinValue, Token);
        Assert.Equal(isAlias ? null : 0, (await windows.FindAsync(Canary, Token))?.Stored.Window.Events.Count);
        Assert.Equal(isAlias ? 6 : 0, (await Service.FreshAsync(person)).Json.GetProperty("eventCount").GetInt32());
        Assert.Equal(200, (await Service.GetAsync($"/v1/users/{alias}/attributes")).Status);
        await using var db = await Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        Assert.Equal(1, await db.Aliases.CountAsync(Token));
        Assert.Equal(1, await db.Erasures.CountAsync(Token)); // that which was asked for
    }

    [Fact]
    public async Task OnceAMarkIsMissingThoseOfLongAgoAreRestoredToo()
    {
        await FillAsync(Canary);
        await EraseAsync(Canary);
        using var redis = new RedisConnection(_redisString);
        await foreach (var key in redis.Primaries[0].KeysAsync(redis.Database.Database, "*:erased"))
            await redis.Database.KeyDeleteAsync(key);
        await ExecuteAsync("UPDATE erased_users SET erased_at = now() - interval '9 days'");
        await ExecuteAsync(
            """
            INSERT INTO erased_users (user_hash, erased_at, erased_before, revision_floor, erasure, partition, partitions, sequence)
            SELECT md5(i::text), now() - interval '2 days', 1, 1, 1, 0, 1, 1000 + i FROM generate_series(1, 1100) i
            """); // more than a page
        await Service.Services.GetRequiredService<MarkKeeper>().RestoreWithLastAsync(Now.UtcDateTime.AddMinutes(-10), Token);
        Assert.NotNull(await Service.Services.GetRequiredService<IErasureMarks>().FindAsync(Canary, Token));
    }

    /// <summary>The marks are set before what came back is erased, and must not be all that is done.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the process died instead, and another one starts
    public async Task WhatCameBackIsErasedAlsoIfThatFailedAtFirst(bool restarts)
    {
        await FillAsync(Canary);
        using var redis = new RedisConnection(_redisString);
        var kept = await KeepAsync(redis);
        await EraseAsync(Canary);
        await BringBackAsync(redis, kept);
        await ExecuteAsync("ALTER TABLE pending_erasures RENAME TO away");
        var keeper = Service.Services.GetRequiredService<MarkKeeper>();
        await Assert.ThrowsAnyAsync<Exception>(() => keeper.RestoreAsync(DateTime.MinValue, Token));
        await ExecuteAsync("ALTER TABLE away RENAME TO pending_erasures");
        Assert.Equal(200, (await Service.GetAsync($"/v1/users/{Canary}/window")).Status);

        using var next = restarts ? Service.Restart() : null;
        await (next is null ? keeper.RestoreAsync(DateTime.MinValue, Token) : Task.CompletedTask);
        await Eventually.IsTrueAsync(async () => (await (next ?? Service).GetAsync($"/v1/users/{Canary}/window")).Status == 404);
    }

    [Fact]
    public async Task WindowThatBeganWithAnEventOfBeforeWhileTheMarkWasLostIsErasedAgain()
    {
        await FillAsync(Canary);
        await EraseAsync(Canary);
        using var redis = new RedisConnection(_redisString);
        await foreach (var key in redis.Primaries[0].KeysAsync(redis.Database.Database, "*:erased"))
            await redis.Database.KeyDeleteAsync(key);
        await Service.AcceptAsync(EventAt(-2, Canary));
        await Service.Services.GetRequiredService<MarkKeeper>().RestoreAsync(DateTime.MinValue, Token);
        await Eventually.IsTrueAsync(async () => (await Service.GetAsync($"/v1/users/{Canary}/window")).Status == 404);
    }

    [Fact]
    public async Task UserWhoBeganAnewStaysWhenMarksAreRestored()
    {
        await FillAsync(Canary);
        await EraseAsync(Canary);
        await Service.AcceptAsync(EventAt(1, Canary));
        using var redis = new RedisConnection(_redisString);
        await foreach (var key in redis.Primaries[0].KeysAsync(redis.Database.Database, "*:erased"))
            await redis.Database.KeyDeleteAsync(key);
        await Service.Services.GetRequiredService<MarkKeeper>().RestoreAsync(DateTime.MinValue, Token);
        Assert.Equal(1, (await Service.FreshAsync(Canary)).Json.GetProperty("eventCount").GetInt32());
        Assert.Equal(1, (await Service.PostAsync("/v1/events", EventAt(-1, Canary).Json())).Json.GetProperty("erased").GetInt32());
    }

    /// <summary>A replica that takes over with the mark, and with nothing that came after it, is not compared with the ledger.</summary>
    [Fact]
    public async Task CachedProfileIsGoneWithTheMarkAndNotAfterIt()
    {
        await FillAsync(Canary);
        await using var postgres = NpgsqlDataSource.Create(_database);
        await using var connection = await postgres.OpenConnectionAsync(Token);
        await using var transaction = await connection.BeginTransactionAsync(Token); // keeps the erasure from the ledger
        await using (var command = new NpgsqlCommand(PostgresProfileDbContext.ShareErasureLock, connection))
            await command.ExecuteNonQueryAsync(Token);
        var receipt = (await Service.SendAsync(HttpMethod.Delete, $"/v1/users/{Canary}", [])).Json.GetProperty("receipt").GetString()!;
        var marks = Service.Services.GetRequiredService<IErasureMarks>();
        await Eventually.IsTrueAsync(async () => await marks.FindAsync(Canary, Token) is not null);
        using var redis = new RedisConnection(_redisString);
        Assert.Equal(0, await redis.Primaries[0].KeysAsync(redis.Database.Database, $"*{Canary}*").CountAsync(Token));
        await transaction.RollbackAsync(Token);
        await GoneAsync(receipt);
    }

    /// <summary>As after a backup of Postgres was restored that is older than the erasure.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // and came back before the backup was made, which has the first erasure
    public async Task ProfileAttributesAliasesAndArchivedEventsThatADatabaseBringsBackAreDeletedAtTheStart(bool wasErasedBefore)
    {
        if (wasErasedBefore)
        {
            await FillAsync(Canary);
            await EraseAsync(Canary);
        }

        await FillAsync(Canary, at: 3);
        await MergeVisitorAsync();
        await Service.FreshAsync(Canary);
        foreach (var table in (string[])["profiles", "attributes", "events", "user_aliases", "erased_users"])
            await ExecuteAsync($"CREATE TABLE kept_{table} AS SELECT * FROM {table}");
        await EraseAsync(Canary);
        await ExecuteAsync("DELETE FROM erased_users");
        foreach (var table in (string[])["profiles", "attributes", "events", "user_aliases", "erased_users"])
            await ExecuteAsync($"INSERT INTO {table} SELECT * FROM kept_{table}");

        using var restarted = Service.Restart();
        await using var after = await restarted.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        Assert.False(await after.Profiles.AnyAsync(p => p.UserId == Canary, Token));
        Assert.False(await after.Attributes.AnyAsync(a => a.UserId == Canary, Token));
        Assert.Equal(0, await after.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM events WHERE user_id = {Canary}").SingleAsync(Token));
        Assert.False(await after.Aliases.AnyAsync(Token));
        Assert.Equal(2, await after.ErasedUsers.CountAsync(Token));
    }

    private protected override async Task<TestService> StartAsync()
    {
        var redis = await servers.RedisAsync();
        var number = redis.TakeDatabase();
        _redisString = redis.TesterConnectionString(number);
        var postgres = await servers.PostgresAsync();
        var database = await postgres.CreateDatabaseAsync();
        _database = $"{postgres.ConnectionString(new NpgsqlConnectionStringBuilder(database).Database!)};Search Path=public,profiles_service";
        return TestService.Without(
            [typeof(MarkWorker), typeof(AliasWorker)], // which do after a while what a test does when it wants to
            ("ConnectionStrings:Redis", redis.ConnectionString(number)),
            ("ConnectionStrings:Postgres", database),
            ("Events:Archive", "Postgres"));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var postgres = NpgsqlDataSource.Create(_database);
        await using var command = postgres.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static async Task<IReadOnlyList<(RedisKey Key, byte[] Value)>> KeepAsync(RedisConnection redis)
    {
        var kept = new List<(RedisKey, byte[])>();
        await foreach (var key in redis.Primaries[0].KeysAsync(redis.Database.Database, $"*{Canary}*"))
            kept.Add((key, (await redis.Database.KeyDumpAsync(key))!));
        Assert.Equal(2, kept.Count); // a window and a profile
        return kept;
    }

    private static async Task BringBackAsync(RedisConnection redis, IReadOnlyList<(RedisKey Key, byte[] Value)> kept)
    {
        await foreach (var key in redis.Primaries[0].KeysAsync(redis.Database.Database, "*:erased"))
            await redis.Database.KeyDeleteAsync(key);
        foreach (var (key, value) in kept)
        {
            await redis.Database.KeyDeleteAsync(key);
            await redis.Database.KeyRestoreAsync(key, value);
        }
    }
}
