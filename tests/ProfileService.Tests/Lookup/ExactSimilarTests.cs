using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Storage;

namespace ProfileService.Tests.Lookup;

/// <summary>In process, where profiles are in SQLite.</summary>
[Needs(Need.Server)]
public sealed class ExactSimilarTests : SimilarUsersContract
{
    private protected override string Search => "exact";

    [Fact]
    public async Task MoreUsersThanTheBoundAre409ThatNamesIt()
    {
        await FillAsync();
        await SimilarAsync("user-0001", 1);
        await StoreAsync([Profile("last-but-one", new float[16], revision: 1)]);
        await SimilarAsync("user-0001", 1);
        await StoreAsync([Profile("one-more", new float[16], revision: 1)]);
        var detail = (await Service.GetAsync("/v1/users/user-0001/similar")).Problem(409).GetProperty("detail").GetString()!;
        Assert.Contains("Similar:MaxUsers", detail, StringComparison.Ordinal);
        Assert.Contains("401", detail, StringComparison.Ordinal);
        Assert.Equal("too_many_users", (await Service.GetAsync("/v1/items/yoga-003/users")).Problem(409).GetProperty("code").GetString());
    }

    private protected override Task<(string, string)[]> SettingsAsync() => Task.FromResult<(string, string)[]>([("Similar:MaxUsers", "401")]);
}

/// <summary>In process, where profiles are in a Postgres that others write to too.</summary>
public sealed class SharedExactSimilarTests(TestServers servers) : SimilarUsersContract
{
    private protected override string Search => "exact";

    [Fact]
    public async Task WhatAnotherProcessRefreshedIsFound()
    {
        var vectors = await FillAsync();
        await SimilarAsync("user-0001", 1);
        await using var db = await Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        await db.UpsertAsync([Profile("by-another-process", vectors["user-0001"], revision: 1)], [""], Token);
        await Eventually.IsTrueAsync(async () => UsersOf(await SimilarAsync("user-0001", 1))[0] == "by-another-process");
    }

    [Fact]
    public async Task WithoutPostgresWhoWasReadIsFoundAndStale()
    {
        await using var postgres = await PostgresServer.StartAsync();
        using var service = new TestService(
            ("ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync()), ("Similar:Search", "Exact"), ("Similar:LookEvery", "00:00:01"));
        await service.AcceptAsync([.. Enumerable.Range(1, 3).Select(i => TestEvents.Event(i, $"u{i}"))]);
        for (var i = 1; i <= 3; i++)
            await service.FreshAsync($"u{i}");
        Assert.Equal(2, UsersOf((await service.GetAsync("/v1/users/u1/similar")).Json).Count);
        await postgres.KillAsync();
        await Eventually.IsTrueAsync(async () =>
        {
            var reply = await service.GetAsync("/v1/users/u1/similar");
            Assert.Equal(200, reply.Status);
            Assert.Equal(2, UsersOf(reply.Json).Count);
            return reply.Json.TryGetProperty("stale", out var stale) && stale.GetBoolean();
        });
        Assert.Equal(503, (await service.GetAsync("/v1/users/nobody/similar")).Status);
        Assert.Equal(503, (await service.GetAsync("/v1/items/yoga-003/users")).Status);
    }

    private protected override async Task<(string, string)[]> SettingsAsync() =>
    [
        ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ("Similar:Search", "Exact"),
        ("Similar:LookEvery", "00:00:01"),
    ];
}
