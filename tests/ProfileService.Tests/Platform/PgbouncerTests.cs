using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Platform;

/// <summary>The service behind PgBouncer, which lends connections by the transaction: nothing may lie in a session between two of them.</summary>
[Needs(Need.Server)]
public sealed class PgbouncerTests(TestServers servers)
{
    private const int Users = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryDoorWorksBehindAPoolerThatLendsByTheTransaction()
    {
        var database = await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync();
        await PostgresRoles.MakeAsync(database);
        await using var pooler = await PgbouncerServer.StartAsync(PostgresRoles.AsService(database));
        var settings = await SettingsAsync(pooler);
        var owner = PostgresRoles.AsOwner(pooler.ConnectionString);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => MigrateAsync(owner)))); // as services that start at once
        await PostgresRoles.GrantAsync(database);
        using var service = new TestService([.. settings, ("Events:Archive", "Postgres")]);
        using var other = new TestService(settings);
        var users = Enumerable.Range(0, Users).Select(u => $"u{u}").ToList();
        for (var round = 0; round < 3; round++)
        {
            await service.AcceptAsync([.. users.Select(u => Event(round, u))]);
            var fresh = await Task.WhenAll(users.SelectMany(u => new[] { service.FreshAsync(u), other.FreshAsync(u) }));
            Assert.All(fresh, reply => Assert.Equal(200, reply.Status));
            Assert.All(fresh, reply => Assert.False(reply.Json.GetProperty("freshness").GetProperty("stale").GetBoolean())); // as one is whose refresh failed
        }

        Assert.Equal(200, (await service.PutAsync("/v1/users/u1/attributes", """{"age":34}""")).Status);
        Assert.Equal(200, (await other.GetAsync("/v1/users/u1/attributes")).Status);
        Assert.Equal(200, (await service.PutAsync("/v1/items/i1", """{"categories":["a"]}""")).Status);
        Assert.Equal(200, (await other.GetAsync("/v1/items/i1")).Status);
        Assert.Equal(Users, (await service.GetAsync("/v1/users?count=100")).Json.GetProperty("users").GetArrayLength());
        Assert.Equal(200, (await other.GetAsync("/v1/users/u1/similar")).Status);
        await service.Client.ReadyAsync("profiles", "Healthy");
    }

    [Fact]
    public async Task LockOfAMigrationIsLeftBehindInNoSession()
    {
        var database = await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync();
        await using var pooler = await PgbouncerServer.StartAsync(database);
        for (var i = 0; i < 3; i++)
            await MigrateAsync(pooler.ConnectionString);
        await using var postgres = NpgsqlDataSource.Create(database);
        await using var locks = postgres.CreateCommand("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE locktype = 'advisory' AND datname = current_database()");
        Assert.Equal(0L, await locks.ExecuteScalarAsync(Token));
    }

    [Fact]
    public async Task StatementsArePreparedWhereNoPoolerStandsBetween()
    {
        const string statement = "SELECT count(*) FROM pg_prepared_statements";
        var database = await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync();
        await using var pooler = await PgbouncerServer.StartAsync(database);
        await using var direct = PostgresConnection.Open(database);
        await using var pooled = PostgresConnection.Open(pooler.ConnectionString);
        await using var named = PostgresConnection.Open($"{database};Max Auto Prepare=0");
        Assert.Equal((1, 0, 0), (await PreparedAsync(direct), await PreparedAsync(pooled), await PreparedAsync(named)));

        static async Task<long> PreparedAsync(NpgsqlDataSource postgres)
        {
            await using var session = await postgres.OpenConnectionAsync(Token);
            await using var command = new NpgsqlCommand(statement, session);
            for (var i = 0; i < 10; i++)
                await command.ExecuteScalarAsync(Token);
            return (long)(await command.ExecuteScalarAsync(Token))!;
        }
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1", 0, GssEncryptionMode.Disable)]
    [InlineData("Host=127.0.0.1;Port=1;Max Auto Prepare=20;GSS Encryption Mode=Prefer", 20, GssEncryptionMode.Prefer)]
    public void WhatTheConnectionStringNamesStands(string given, int prepared, GssEncryptionMode encryption)
    {
        using var postgres = PostgresConnection.Open(given);
        var opened = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        Assert.Equal((prepared, encryption), (opened.MaxAutoPrepare, opened.GssEncryptionMode));
    }

    private static async Task MigrateAsync(string database)
    {
        await using var services = new ServiceCollection().AddSingleton(_ => PostgresConnection.Open(database)).AddPostgresProfiles().BuildServiceProvider();
        await using var db = services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await db.MigrateAsync(Token);
    }

    private async Task<(string, string)[]> SettingsAsync(PgbouncerServer pooler)
    {
        var redis = await servers.RedisAsync();
        return [("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())), ("ConnectionStrings:Postgres", pooler.ConnectionString), ("Lookup:FreshTimeout", "00:01:00")];
    }
}
