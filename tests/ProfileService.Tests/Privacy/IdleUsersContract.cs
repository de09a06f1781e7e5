using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProfileService.Privacy;
using ProfileService.Storage;
using ProfileService.Windows;

namespace ProfileService.Tests.Privacy;

/// <summary>What is left of idle users goes, and nothing else, whatever the stores are.</summary>
public abstract class IdleUsersContract : ServiceToEraseFrom
{
    private static readonly string[] Tables = ["profiles", "attributes"];

    private protected IdleUsers Idle => Service.Services.GetRequiredService<IdleUsers>();

    [Fact]
    public async Task ProfilesAndAttributesGoWhenTheWindowIsGoneAndTheTimeIsOver()
    {
        await FillAllAsync("idle", "recent", "has-a-window");
        await AgeAsync("idle", days: 366);
        await AgeAsync("recent", days: 364);
        await AgeAsync("has-a-window", days: 366);
        await DropWindowsAsync("idle", "recent");

        Assert.Equal(2, await Idle.DropAsync(Token)); // a profile, and attributes
        Assert.Equal(404, (await Service.GetAsync("/v1/users/idle/profile")).Status);
        Assert.Equal(404, (await Service.GetAsync("/v1/users/idle/attributes")).Status);
        foreach (var user in (string[])["recent", "has-a-window"])
        {
            Assert.Equal(200, (await Service.GetAsync($"/v1/users/{user}/profile")).Status);
            Assert.Equal(200, (await Service.GetAsync($"/v1/users/{user}/attributes")).Status);
        }

        Assert.DoesNotContain("idle", await SimilarToAsync("recent"));
        Assert.Equal(0, await Idle.DropAsync(Token));
    }

    [Fact]
    public async Task AttributesStayAsLongAsThereIsAProfile()
    {
        await FillAsync("active");
        await AgeAsync("active", days: 400, "attributes");
        await DropWindowsAsync("active");
        Assert.Equal(0, await Idle.DropAsync(Token));
        Assert.Equal(200, (await Service.GetAsync("/v1/users/active/attributes")).Status);
    }

    [Fact]
    public async Task MoreThanAPageOfUsersGoes()
    {
        var users = Enumerable.Range(0, 1_205).Select(i => $"many-{i:D4}-{(i % 2 == 0 ? "É" : "e")}").ToArray();
        var entries = users.Select(user => $$"""{ "userId": "{{user}}", "attributes": { "age": 30 } }""");
        Assert.Equal(200, (await Service.PostAsync("/v1/attributes", string.Join('\n', entries), "application/x-ndjson")).Status);
        await Eventually.IsTrueAsync(async () => (await Service.GetAsync("/v1/users")).Json.GetProperty("total").GetInt32() == users.Length);
        await Service.Client.NobodyIsDueAsync(); // else a refresh could still store a profile
        foreach (var table in Tables)
            await ChangeAsync($"UPDATE {table} SET {TimeOf(table)} = {Ago(366)}");
        await DropWindowsAsync(users);
        Assert.Equal(2 * users.Length, await Idle.DropAsync(Token));
        await using var db = await Contexts.CreateDbContextAsync(Token);
        Assert.Equal((0, 0), (await db.Profiles.CountAsync(Token), await db.Attributes.CountAsync(Token)));
    }

    [Fact]
    public async Task AProcessForgetsWhomAnotherHasDropped()
    {
        await FillAllAsync("dropped", "kept");
        Assert.Contains("dropped", await SimilarToAsync("kept"));
        await ChangeAsync("DELETE FROM profiles WHERE user_id = 'dropped'");
        await DropWindowsAsync("dropped");
        await Idle.ForgetAsync(Token);
        Assert.DoesNotContain("dropped", await SimilarToAsync("kept"));
        Assert.Equal(200, (await Service.GetAsync("/v1/users/kept/profile")).Status);
    }

    private async Task FillAllAsync(params string[] users)
    {
        foreach (var user in users)
            await FillAsync(user);
    }

    private protected async Task AgeAsync(string user, int days, params string[] tables)
    {
        foreach (var table in tables is [] ? Tables : tables)
            await ChangeAsync($"UPDATE {table} SET {TimeOf(table)} = {Ago(days)} WHERE user_id = '{user}'");
    }

    private static string TimeOf(string table) => table == "profiles" ? "computed_at" : "updated_at";

    private static string Ago(int days) => $"'{Now.UtcDateTime.AddDays(-days):yyyy-MM-dd HH:mm:ss.ffffff}'";

    private async Task ChangeAsync(string sql)
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        await db.Database.ExecuteSqlRawAsync(sql, Token);
    }

    private protected async Task DropWindowsAsync(params string[] users)
    {
        var windows = Service.Services.GetRequiredService<IWindowEraser>();
        foreach (var user in users)
            await windows.EraseAsync(user, new(1), least: default, copies: [], Token);
    }

    private async Task<List<string>> SimilarToAsync(string user)
    {
        var reply = await Service.GetAsync($"/v1/users/{user}/similar?count=100");
        return [.. reply.Json.GetProperty("users").EnumerateArray().Select(u => u.GetProperty("userId").GetString()!)];
    }

    private protected IDbContextFactory<ProfileDbContext> Contexts => Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();
}

public sealed class SqliteIdleUsersTests : IdleUsersContract
{
    private protected override Task<TestService> StartAsync() => Task.FromResult(new TestService());
}

/// <summary>Windows in Redis, all else in Postgres.</summary>
[Needs(Need.Server)]
public sealed class ServerIdleUsersTests(TestServers servers) : IdleUsersContract
{
    private string _database = ""; // as superuser, who may rename tables

    [Fact]
    public async Task ProfileStaysAsLongAsItsCopiesCannotBeRemovedSoThatBothAreFoundAgain()
    {
        await FillAsync("idle");
        await AgeAsync("idle", days: 366);
        await DropWindowsAsync("idle");
        await using var postgres = NpgsqlDataSource.Create(_database);
        await ExecuteAsync("ALTER TABLE served_stamps RENAME TO away"); // by which copies are found
        await Assert.ThrowsAnyAsync<Exception>(() => Idle.DropAsync(Token));
        await using (var db = await Contexts.CreateDbContextAsync(Token))
            Assert.Equal(1, await db.Profiles.CountAsync(p => p.UserId == "idle", Token));
        await ExecuteAsync("ALTER TABLE away RENAME TO served_stamps");
        Assert.Equal(2, await Idle.DropAsync(Token));
        Assert.Equal(404, (await Service.GetAsync("/v1/users/idle/profile")).Status);

        async Task ExecuteAsync(string sql)
        {
            await using var command = postgres.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Token);
        }
    }

    private protected override async Task<TestService> StartAsync()
    {
        var (redis, postgres) = (await servers.RedisAsync(), await servers.PostgresAsync());
        var database = await postgres.CreateDatabaseAsync();
        _database = $"{postgres.ConnectionString(new NpgsqlConnectionStringBuilder(database).Database!)};Search Path=public,profiles_service";
        return new TestService(
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())), ("ConnectionStrings:Postgres", database));
    }
}
