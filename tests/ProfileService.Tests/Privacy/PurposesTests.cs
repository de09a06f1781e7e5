using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Refresh;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Privacy;

/// <summary>Everything in SQLite.</summary>
public sealed class SqlitePurposesTests : PurposesContract
{
    private protected override Task<TestService> StartAsync() => Task.FromResult(new TestService());
}

/// <summary>Windows in Redis, all else in Postgres, with the archive.</summary>
[Needs(Need.Server)]
public sealed class ServerPurposesTests(TestServers servers) : PurposesContract
{
    private (string, string)[] _settings = [];

    private protected override async Task<TestService> StartAsync()
    {
        var redis = await servers.RedisAsync();
        _settings =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
            ("Events:Archive", "Postgres"),
        ];
        return new TestService(_settings);
    }

    [Fact]
    public async Task TheyHoldInEveryProcess()
    {
        const string User = "of-two-processes";
        await FillAsync(User);
        using var other = new TestService(_settings);
        Assert.Equal(200, (await other.GetAsync($"/v1/users/{User}/profile")).Status);
        await Service.PutAsync($"/v1/users/{User}/purposes", """{"profile":false,"explain":false,"similar":false,"train":false}""");
        await Eventually.IsTrueAsync(async () => (await other.GetAsync($"/v1/users/{User}/profile")).Status == 404);
        AssertRejected((await other.PostAsync("/v1/events", EventAt(1, User).Json())));
    }

    /// <summary>The process that refreshes may not have read yet what the one that takes events was told a moment ago.</summary>
    [Fact]
    public async Task WhoeverHasJustAgreedIsRefreshedByAnotherProcess()
    {
        using var api = new TestService([.. _settings, ("Privacy:DefaultPurposes", ""), ("Hosting:Role", "Api")]);
        using var refresh = new TestService([.. _settings, ("Privacy:DefaultPurposes", ""), ("Hosting:Role", "Refresh")]);
        Service.Dispose(); // who would refresh, too
        string[] users = [.. Enumerable.Range(0, 8).Select(i => $"agrees-{i}")];
        foreach (var user in users)
        {
            await api.PutAsync($"/v1/users/{user}/purposes", """{"profile":true,"explain":true,"similar":true,"train":true}""");
            await api.AcceptAsync(EventAt(1, user));
        }

        await Eventually.IsTrueAsync(async () =>
            (await api.PostAsync("/v1/profiles/lookup", JsonSerializer.Serialize(new { userIds = users }))).Json
                .GetProperty("profiles").GetArrayLength() == users.Length);
    }
}

/// <summary>What the settings say of users who said nothing.</summary>
public sealed class DefaultPurposesTests
{
    [Fact]
    public async Task WithoutADefaultEachUserMustHaveAgreed()
    {
        using var service = new TestService(("Privacy:DefaultPurposes", ""));
        PurposesContract.AssertRejected(await service.PostAsync("/v1/events", Event(1, "u").Json()));
        await service.PutAsync("/v1/users/u/purposes", """{"profile":true,"explain":false,"similar":false,"train":false}""");
        await service.AcceptAsync(Event(1, "u"));
        Assert.Equal(200, (await service.FreshAsync("u")).Status);
        Assert.Equal(404, (await service.GetAsync("/v1/users/u/explanation")).Status);
        Assert.Equal(404, (await service.GetAsync("/v1/users/u/similar")).Status);
    }

    [Fact]
    public async Task AStartThatAsksForConsentDeletesTheProfilesOfThoseWhoGaveNone()
    {
        using var before = new TestService();
        await before.AcceptAsync(Event(1, "silent"), Event(1, "agreed"));
        foreach (var user in (string[])["silent", "agreed"])
            Assert.Equal(200, (await before.FreshAsync(user)).Status);
        await before.PutAsync("/v1/users/agreed/purposes", """{"profile":true,"explain":true,"similar":true,"train":true}""");
        await before.PutAsync("/v1/users/agreed/purposes", """{"profile":true,"explain":true,"similar":true,"train":false}""");
        using var service = before.Restart(("Privacy:DefaultPurposes", "explain"));
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/users")).Json.GetProperty("total").GetInt32() == 1);
        Assert.Equal(200, (await service.GetAsync("/v1/users/agreed/profile")).Status);
        var export = System.Text.Encoding.UTF8.GetString((await service.GetAsync("/v1/users/silent/export")).Body);
        Assert.Contains("\"profiles\":0", export, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsKeptIsAProfileOnceItIsAllowed()
    {
        using var service = new TestService(("Privacy:DefaultPurposes", "train, Explain"), ("Privacy:WithoutProfile", "Keep"));
        await service.AcceptAsync(Event(1, "u"), Event(2, "u"));
        Assert.Equal(200, (await service.PutAsync("/v1/users/u/attributes", """{"age":34}""")).Status);
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/users")).Json.GetProperty("total").GetInt32() == 0);
        Assert.Equal(404, (await service.GetAsync("/v1/users/u/profile?fresh=true")).Status);
        Assert.Equal(2, (await service.GetAsync("/v1/users/u/window")).Json.GetProperty("events").GetArrayLength());
        await service.PutAsync("/v1/users/u/purposes", """{"profile":true,"explain":true,"similar":true,"train":true}""");
        Assert.Equal(2, (await service.FreshAsync("u")).Json.GetProperty("eventCount").GetInt32());
    }

    [Fact]
    public async Task RefreshOfAUserWhoHasNoProfileIsNoFailure()
    {
        using var service = TestService.WithoutWorker(("Privacy:DefaultPurposes", "train"), ("Privacy:WithoutProfile", "Keep"));
        await service.AcceptAsync(Event(1, "u"));
        Assert.Equal(1, await service.Services.GetRequiredService<ProfileRefresher>().RefreshDueAsync(TestContext.Current.CancellationToken));
        var status = (await service.GetAsync("/v1/status")).Json;
        Assert.Equal((0, 0), (status.GetProperty("refreshes").GetInt64(), status.GetProperty("failedRefreshes").GetInt64()));
        Assert.Equal(0, status.GetProperty("due").GetInt64());
    }
}
