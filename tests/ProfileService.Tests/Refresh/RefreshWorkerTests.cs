using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Refresh;
using ProfileService.Tests.Model;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Refresh;

[Needs(Need.Server)]
public sealed class RefreshWorkerTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FailedRefreshDoesNotSayWhetherEventsAreTaken()
    {
        var health = new RefreshHealth();
        health.Failed(new IOException("It fails."));
        var found = await health.CheckHealthAsync(new(), Token);
        Assert.Equal("Profiles are not refreshed. IOException, see the log.", found.Description);
    }

    [Fact]
    public void AdviceTellsPackagesOfOneNameApart()
    {
        using var service = new TestService();
        var registry = new ModelRegistry(service.Services.GetRequiredService<ModelSlot>(), NullLogger<ModelRegistry>.Instance);
        registry.Update(TestModels.Tiny with { Digest = "0123456789abcdef", LegacyDigest = null });
        Assert.Contains("the active model of these stores is tiny/1@0123456789abcdef. Set Model:Package to the folder of the active one", registry.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostedEventIsReadableWithoutAnyoneAskingForIt()
    {
        using var service = new TestService();
        var profiles = service.Services.GetRequiredService<ProfileStore>();
        await service.AcceptAsync(Event(1));
        await Eventually.IsTrueAsync(async () => await profiles.FindAsync("u1", TestModels.Tiny, Token) is { EventCount: 1 });
        await service.AcceptAsync(Event(2));
        await Eventually.IsTrueAsync(async () => await profiles.FindAsync("u1", TestModels.Tiny, Token) is { EventCount: 2 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BurstIsRefreshedInBatchesSideBySideAndNobodyTwice(bool onServers)
    {
        (string, string)[] settings = onServers
            ? [("ConnectionStrings:Redis", (await servers.RedisAsync()) is var redis ? redis.ConnectionString(redis.TakeDatabase()) : ""),
                ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync())]
            : [];
        using var service = new TestService([.. settings, ("Refresh:Workers", "3"), ("Refresh:MaxBatch", "9"), ("Refresh:MaxWait", "00:00:00.1"), ("Refresh:Lease", "00:10:00")]);
        using var refreshes = new MetricCollector<long>(service.Services.GetRequiredService<IMeterFactory>(), ProfileMetrics.Name, "profiles.refreshes");
        await service.AcceptAsync([.. Enumerable.Range(0, 400).Select(u => Event(1, $"u{u}"))]);
        var queue = service.Services.GetRequiredService<IDueQueue>();
        await Eventually.IsTrueAsync(async () => await queue.CountDueAsync(Token) == 0);
        await Eventually.IsTrueAsync(() => Task.FromResult(refreshes.GetMeasurementSnapshot().Sum(m => m.Value) >= 400)); // counted after they are settled
        Assert.Equal(400, refreshes.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.All(refreshes.GetMeasurementSnapshot(), m => Assert.InRange(m.Value, 1, 9));
        Assert.Equal(400, (await service.Services.GetRequiredService<ProfileStore>().FindAsync([.. Enumerable.Range(0, 400).Select(u => $"u{u}")], TestModels.Tiny, Token)).Profiles.Count);
    }

    /// <summary>By what Redis publishes: were it left to looking at one partition after the other, 16 s a round, this would not end in time.</summary>
    [Fact]
    public async Task EventPostedToAnotherReplicaIsPickedUpAtOnce()
    {
        var server = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", server.ConnectionString(server.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        using var api = TestService.WithoutWorker(settings);
        using var worker = new TestService(settings);
        var profiles = worker.Services.GetRequiredService<ProfileStore>();
        for (var i = 0; i < 40; i++)
        {
            await api.AcceptAsync(Event(1, $"u{i}"));
            await Eventually.IsTrueAsync(async () => await profiles.FindAsync($"u{i}", TestModels.Tiny, Token) is not null);
        }
    }

    /// <summary>What a claim leaves free is announced by whoever ends it; left to the round of looks, this would not end in time.</summary>
    [Fact]
    public async Task UserThatChangedWhileAnotherProcessHadItIsPickedUpAtOnce()
    {
        var server = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", server.ConnectionString(server.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        using var api = TestService.WithoutWorker(settings);
        var (windows, queue) = (api.Services.GetRequiredService<IWindowStore>(), api.Services.GetRequiredService<IDueQueue>());
        using var worker = new TestService(settings);
        var profiles = worker.Services.GetRequiredService<ProfileStore>();
        for (var i = 0; i < 30; i++)
        {
            await windows.AppendAsync([Event(1, $"u{i}")], Token);
            var claim = await queue.ClaimAsync($"u{i}", TimeSpan.FromMinutes(1), Token);
            await windows.AppendAsync([Event(2, $"u{i}")], Token);
            if (claim is not null)
                await (i % 2 == 0 ? queue.SettleAsync([claim], Token) : queue.ReleaseAsync([claim], TimeSpan.FromMinutes(1), Token));
            await Eventually.IsTrueAsync(async () => await profiles.FindAsync($"u{i}", TestModels.Tiny, Token) is { EventCount: 2 });
        }
    }

    [Fact]
    public async Task ReplicaWithAnOlderModelStopsComputingWhenANewerOneIsServed()
    {
        var server = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", server.ConnectionString(server.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        var users = Enumerable.Range(0, 150).Select(u => $"u{u}").ToList();
        using var older = new TestService(settings);
        await older.AcceptAsync([.. users.Select(u => Event(1, u))]);
        await older.Client.NobodyIsDueAsync();

        using var newer = new TestService([.. settings, ("Model:Package", Repository.StarterPackage), ("Model:Activate", "true")]);
        await older.AcceptAsync([.. users.Select(u => Event(2, u))]);
        var profiles = newer.Services.GetRequiredService<ProfileStore>();
        await Eventually.IsTrueAsync(async () => (await profiles.FindAsync(users, TestModels.Starter, Token)).Profiles.Count(p => p.EventCount == 2) == users.Count);
    }

    [Fact]
    public async Task AnotherModelThanBeforeMakesEveryUserDue()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1));
        await service.FreshAsync("u1");
        var before = service.Services.GetRequiredService<ProfileStore>();
        var computed = (await before.FindAsync("u1", TestModels.Tiny, Token))!.ComputedAt;
        await before.BeginServingAsync(new("older/1", "d"), isFirst: false, Token);

        using var restarted = service.Restart();
        var profiles = restarted.Services.GetRequiredService<ProfileStore>();
        await Eventually.IsTrueAsync(async () => (await profiles.FindAsync("u1", TestModels.Tiny, Token))!.ComputedAt > computed);
        Assert.StartsWith("tiny/1@", await profiles.FindServedModelAsync(Token), StringComparison.Ordinal);
    }
}
