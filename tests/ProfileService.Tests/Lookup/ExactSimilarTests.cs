using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Purposes;
using ProfileService.Storage;
using ProfileService.Windows;

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

    /// <summary>The first search reads a profile; before it has put the vector into memory, the user becomes another one's alias.</summary>
    [Fact]
    public async Task AliasWhoseProfileWasReadBeforeIsNotFound()
    {
        await FillAsync();
        Service.Services.GetRequiredService<UserAliases>().Take("user-0002", new UserAlias("user-0001", 0));
        var found = UsersOf(await SimilarAsync("user-0001", 1_000));
        Assert.Equal(398, found.Count);
        Assert.DoesNotContain("user-0002", found);
    }

    /// <summary>As above, and the user's purposes end the profile.</summary>
    [Fact]
    public async Task VectorOfAUserWhoAllowsNoProfileIsNotKept()
    {
        await FillAsync();
        var (services, user) = (Service.Services, "user-0002");
        services.GetRequiredService<UserPurposes>().Take(new PurposesRow
        {
            UserHash = services.GetRequiredService<UserHash>().Of(user),
            Version = 1,
            Profile = false,
            Explain = true,
            Similar = true,
            Train = true,
            SetAt = DateTime.UnixEpoch,
            IsLatest = true,
            Sequence = 1,
        });
        await SimilarAsync("user-0001", 1);
        var kept = services.GetRequiredService<ErasedUsers>().UsersInMemory();
        Assert.Contains("user-0003", kept);
        Assert.DoesNotContain(user, kept);
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
        await StoreElsewhereAsync(Service, Profile("by-another-process", vectors["user-0001"], revision: 1));
        await Eventually.IsTrueAsync(async () => UsersOf(await SimilarAsync("user-0001", 1))[0] == "by-another-process");
    }

    /// <summary>What is computed by the clock of this process, too, is found after what a clock that is ahead computed.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task ClockOfAnotherProcessMayBeHoursAway(int hours)
    {
        var vectors = await FillAsync();
        await SimilarAsync("user-0001", 1);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await StoreElsewhereAsync(Service, Profile("by-another-clock", vectors["user-0001"], revision: 1, computedAt: now.AddHours(hours)));
        await Eventually.IsTrueAsync(async () => UsersOf(await SimilarAsync("user-0001", 1))[0] == "by-another-clock");
        await StoreElsewhereAsync(Service, Profile("afterwards", vectors["user-0001"], revision: 1, computedAt: now));
        await Eventually.IsTrueAsync(async () => UsersOf(await SimilarAsync("user-0001", 1))[0] == "afterwards");
    }

    [Fact]
    public async Task ClockThatIsSetBackDoesNotEndTheLooks()
    {
        var clock = new ClockToSet();
        using var service = TestService.With(clock, await SettingsAsync());
        await service.AcceptAsync(TestEvents.Event(1, "u1"), TestEvents.Event(1, "u2"));
        await service.FreshAsync("u1");
        await service.FreshAsync("u2");
        Assert.Equal(["u2"], UsersOf((await service.GetAsync("/v1/users/u1/similar")).Json));
        clock.Ahead = TimeSpan.FromDays(-1);
        await StoreElsewhereAsync(service, Profile("u3", new float[16].Select((_, i) => i + 1f).ToArray(), revision: 1));
        await Eventually.IsTrueAsync(async () =>
            await service.GetAsync("/v1/users/u1/similar") is { Status: 200 } reply && UsersOf(reply.Json).Contains("u3"));
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

    /// <summary>As another process would: this one is not told.</summary>
    private static async Task StoreElsewhereAsync(TestService service, Profile profile)
    {
        await using var db = await service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        await db.UpsertAsync([profile], [""], Token);
    }

    private sealed class ClockToSet : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    private protected override async Task<(string, string)[]> SettingsAsync() =>
    [
        ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ("Similar:Search", "Exact"),
        ("Similar:LookEvery", "00:00:01"),
    ];
}
