using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Aggregates;
using ProfileService.Items;
using ProfileService.Platform;
using ProfileService.Storage;
using ProfileService.Tests.Privacy;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Aggregates;

/// <summary>Releases from events to answers, on embedded stores.</summary>
public sealed class AggregatesApiTests
{
    private static readonly string[] Paths = ["/v1/items/popular", "/v1/items/trending", "/v1/categories"];

    private static readonly (string, string) Exact = ("Aggregates:Epsilon", "0");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task ExactCountsAreWhatUsersMet()
    {
        using var service = await StartAsync(Exact);
        await MeetAsync(service, -20, ("a", "i1"), ("b", "i1"), ("c", "i1"), ("a", "i2"));
        await MeetAsync(service, -1, ("a", "i3"), ("b", "i3"), ("c", "i2"), ("d", "unknown"));
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service));

        var popular = (await service.GetAsync("/v1/items/popular")).Json;
        Assert.Equal([("i1", 3), ("i2", 2), ("i3", 2)], Counts(popular, "itemId"));
        var release = popular.GetProperty("release");
        Assert.True(release.GetProperty("exact").GetBoolean());
        Assert.Equal((1, 0, 4), (Number(release, "number"), Number(release, "epsilon"), Number(release, "users")));
        Assert.False(release.TryGetProperty("budget", out _));

        var trending = (await service.GetAsync("/v1/items/trending")).Json;
        Assert.Equal([("i3", 2), ("i2", 1)], Counts(trending, "itemId"));
        Assert.Equal((0.666667, 0.666667), ShareAndGrowth(trending, 0));
        Assert.Equal((0.333333, 0.083333), ShareAndGrowth(trending, 1)); // 1 of 3, and 1 of 4 before

        Assert.Equal([("sports", 3), ("c1", 3), ("c2", 2), ("c3", 2)],
            Counts((await service.GetAsync("/v1/categories")).Json, "category").OrderByDescending(c => c.Item1 == "sports"));
    }

    [Fact]
    public async Task ListsAreCutAndFilteredAsAsked()
    {
        using var service = await StartAsync(Exact);
        await MeetAsync(service, -1, ("a", "i1"), ("b", "i1"), ("a", "i2"));
        await MakeAsync(service);
        Assert.Equal([("i1", 2)], Counts((await service.GetAsync("/v1/items/popular?count=1")).Json, "itemId"));
        Assert.Equal([("i2", 1)], Counts((await service.GetAsync("/v1/items/popular?category=c2")).Json, "itemId"));
        Assert.Equal([("i2", 1)], Counts((await service.GetAsync("/v1/items/trending?category=c2")).Json, "itemId"));
        Assert.Empty(Counts((await service.GetAsync("/v1/items/popular?category=other")).Json, "itemId"));
        Assert.Equal("category", (await service.GetAsync("/v1/items/popular?category=%0A")).Problem(400).GetProperty("field").GetString());
        Assert.Equal("out_of_range", (await service.GetAsync("/v1/categories?count=0")).Problem(400).GetProperty("code").GetString());
        var item = (await service.GetAsync("/v1/items/popular")).Json.GetProperty("items")[0];
        Assert.Equal(("Title 1", 1.5), (item.GetProperty("title").GetString(), item.GetProperty("price").GetDouble()));
    }

    [Fact]
    public async Task AnswersSayThatThereIsNoReleaseYet()
    {
        using var service = await StartAsync();
        foreach (var path in Paths)
            Assert.Equal("no_release", (await service.GetAsync(path)).Problem(404).GetProperty("code").GetString());
    }

    [Fact]
    public async Task ReleaseIsTheSameHoweverOftenItIsAskedForAndAfterARestart()
    {
        var before = await StartAsync(("Aggregates:Epsilon", "2.5"));
        await CrowdAsync(before);
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(before));
        var answers = await AnswersAsync(before);
        var release = JsonElement.Parse(answers[0]).GetProperty("release");
        Assert.Equal((1, 2.5, 5), (Number(release, "number"), Number(release, "epsilon"), Number(release, "maxItemsPerUser")));
        Assert.Equal(
            """{"epsilon":30,"days":30,"spent":2.5,"left":27.5,"isSpent":false}""", release.GetProperty("budget").GetRawText());
        Assert.Contains("\"sports\"", answers[2], StringComparison.Ordinal);
        for (var again = 0; again < 100; again++)
            Assert.Equal(answers, await AnswersAsync(before));

        using var after = before.Restart();
        Assert.Equal(answers, await AnswersAsync(after));
        Assert.Equal(ReleaseOutcome.NotYet, await MakeAsync(after));
        Assert.Equal(answers, await AnswersAsync(after));
    }

    [Fact]
    public async Task CountsHaveNoise()
    {
        using var service = await StartAsync(("Aggregates:Epsilon", "1"));
        await CrowdAsync(service);
        var time = new FakeTimeProvider(Now);
        var users = new HashSet<double>();
        for (var release = 0; release < 5; release++)
        {
            Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service, time));
            users.Add(Number((await service.GetAsync("/v1/categories")).Json.GetProperty("release"), "users"));
            time.Advance(TimeSpan.FromDays(1));
        }

        Assert.True(users.Count > 1); // five equal ones of a scale of 10 come once in 10,000 runs
    }

    [Fact]
    public async Task SpentBudgetStopsReleasesAndTheLastOneStays()
    {
        using var service = await StartAsync(("Aggregates:Epsilon", "1"), ("Aggregates:Budget", "2"));
        await CrowdAsync(service);
        var time = new FakeTimeProvider(Now);
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service, time));
        Assert.Equal(ReleaseOutcome.NotYet, await MakeAsync(service, time));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service, time));
        var answers = await AnswersAsync(service);
        time.Advance(TimeSpan.FromDays(10));
        Assert.Equal(ReleaseOutcome.BudgetIsSpent, await MakeAsync(service, time));

        var release = JsonElement.Parse(answers[1]).GetProperty("release");
        Assert.Equal(2, Number(release, "number"));
        Assert.Equal("""{"epsilon":2,"days":30,"spent":2,"left":0,"isSpent":true}""", release.GetProperty("budget").GetRawText());
        Assert.Equal(answers, await AnswersAsync(service));

        time.Advance(TimeSpan.FromDays(20)); // the first one is out of the period
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service, time));
        Assert.Equal(1, await CountAsync(service, r => r.Counts != null));
    }

    [Fact]
    public async Task ErasedUserIsOutOfTheNextRelease()
    {
        using var service = await StartAsync(Exact);
        await MeetAsync(service, -1, ("a", "i1"), ("b", "i1"));
        var time = new FakeTimeProvider(Now);
        await MakeAsync(service, time);
        var receipt = (await service.SendAsync(HttpMethod.Delete, "/v1/users/a", [])).Json.GetProperty("receipt").GetString();
        await Eventually.IsTrueAsync(async () =>
            (await service.GetAsync($"/v1/erasures/{receipt}")).Json.GetProperty("state").GetString() != "pending");
        Assert.Equal([("i1", 2)], Counts((await service.GetAsync("/v1/items/popular")).Json, "itemId"));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service, time));
        Assert.Equal([("i1", 1)], Counts((await service.GetAsync("/v1/items/popular")).Json, "itemId"));
    }

    [Fact]
    public async Task WhatWasReleasedWithoutNoiseIsNotAnsweredOnceNoiseIsOn()
    {
        using var exact = await StartAsync(Exact);
        await MeetAsync(exact, -1, ("a", "i1"));
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(exact, new FakeTimeProvider(Now)));
        Assert.Equal(200, (await exact.GetAsync(Paths[0])).Status);
        using var noisy = exact.Restart(("Aggregates:Epsilon", "1")); // whose worker makes another, though the day is not over
        await Eventually.IsTrueAsync(async () =>
        {
            var reply = await noisy.GetAsync(Paths[0]);
            Assert.True(reply.Status == 404 || Number(reply.Json.GetProperty("release"), "epsilon") == 1);
            return reply.Status == 200;
        });
    }

    [Fact]
    public async Task ReleaseOfAGreaterEpsilonIsWithheldUntilTheBudgetHasRoom()
    {
        using var former = await StartAsync(("Aggregates:Epsilon", "1"), ("Aggregates:Budget", "1"));
        await CrowdAsync(former);
        var time = new FakeTimeProvider(Now);
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(former, time));
        using var lower = former.Restart(("Aggregates:Epsilon", "0.5"));
        foreach (var path in Paths)
        {
            var problem = (await lower.GetAsync(path)).Problem(404);
            Assert.Equal("release_withheld", problem.GetProperty("code").GetString());
            Assert.Contains($"from {time.GetUtcNow().AddDays(30):yyyy-MM-ddTHH:mm:ss}Z on", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(ReleaseOutcome.BudgetIsSpent, await MakeAsync(lower, time));
        time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(lower, time));
    }

    [Fact]
    public async Task ReleaseThatIsWithheldWithRoomInTheBudgetIsReplacedAtOnce()
    {
        using var former = await StartAsync();
        await CrowdAsync(former);
        var time = new FakeTimeProvider(Now);
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(former, time));
        using var lower = former.Restart(("Aggregates:Epsilon", "0.5"), ("Aggregates:Every", "00:00:00")); // whose worker makes none
        var problem = (await lower.GetAsync(Paths[0])).Problem(404);
        Assert.Equal("release_withheld", problem.GetProperty("code").GetString());
        Assert.Contains("is made within two minutes", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(lower, time)); // and waits until it is answered
        Assert.Equal(0.5, Number((await lower.GetAsync(Paths[0])).Json.GetProperty("release"), "epsilon"));
    }

    [Fact]
    public async Task WhileTheDatabaseIsAwayTheLastReleaseIsAnsweredAsStale()
    {
        using var service = await StartAsync(Exact);
        await MeetAsync(service, -1, ("a", "i1"));
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service));
        foreach (var path in Paths)
            Assert.False((await service.GetAsync(path)).Json.TryGetProperty("stale", out _));
        await using (var db = await service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token))
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE aggregate_releases RENAME TO away", Token);
        foreach (var path in Paths)
        {
            await Eventually.IsTrueAsync(async () => await service.GetAsync(path) is { Status: 200 } reply
                && reply.Json.TryGetProperty("stale", out var stale) && stale.GetBoolean());
        }

        const string session = """{"events":[],"recommend":{"fallback":"popular","filter":{"categories":["c1"]}}}""";
        var computed = await service.PostAsync("/v1/profiles/compute", session);
        Assert.Equal(200, computed.Status);
        Assert.Equal("i1", Assert.Single(computed.Json.GetProperty("popular").EnumerateArray()).GetProperty("itemId").GetString());
        Assert.True(computed.Json.GetProperty("stale").GetBoolean());
    }

    [Theory]
    [InlineData("1", "the last ones stay")]
    [InlineData("0.5", "none are answered")]
    public async Task LogSaysWhatASpentBudgetMeans(string epsilon, string meanwhile)
    {
        using var former = await StartAsync(("Aggregates:Epsilon", "1"), ("Aggregates:Budget", "1"));
        await CrowdAsync(former);
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(former, new FakeTimeProvider(Now.AddDays(-1))));
        using var service = former.Restart(("Aggregates:Epsilon", epsilon), ("Aggregates:Every", "00:01:00"));
        var log = new LogText();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(log));
        using var worker = ActivatorUtilities.CreateInstance<ReleaseWorker>(service.Services, logging.CreateLogger<ReleaseWorker>());
        await worker.StartAsync(Token);
        await Eventually.IsTrueAsync(() => Task.FromResult(log.ToString().Contains(meanwhile, StringComparison.Ordinal)));
        await worker.StopAsync(Token);
    }

    [Theory]
    [InlineData(365 * 24 * 60, true)]
    [InlineData(5, false)]
    public async Task ReleaseByAClockThatIsFarAheadKeepsNoneBack(int minutes, bool isMade)
    {
        using var service = await StartAsync();
        await CrowdAsync(service);
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service, new FakeTimeProvider(Now.AddMinutes(minutes))));
        Assert.Equal(isMade ? ReleaseOutcome.Made : ReleaseOutcome.NotYet, await MakeAsync(service, new FakeTimeProvider(Now)));
        Assert.Equal(ReleaseOutcome.NotYet, await MakeAsync(service, new FakeTimeProvider(Now)));
    }

    [Fact]
    public async Task LeaseByAClockThatIsFarAheadKeepsNoReleaseBack()
    {
        using var service = await StartAsync();
        await CrowdAsync(service);
        var ahead = ActivatorUtilities.CreateInstance<ReleaseStore>(service.Services, new FakeTimeProvider(Now.AddDays(365)));
        Assert.NotNull(await ahead.TakeAsync(1, Token)); // by a process that died then
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service));
    }

    [Fact]
    public async Task WhoAllowsNoProfileIsNotCounted()
    {
        using var service = await StartAsync(Exact);
        await MeetAsync(service, -1, ("a", "i1"), ("b", "i1"));
        await service.PutAsync("/v1/users/a/purposes", """{"profile":false,"explain":true,"similar":true,"train":true}""");
        Assert.Equal(ReleaseOutcome.Made, await MakeAsync(service, new FakeTimeProvider(Now)));
        Assert.Equal([("i1", 1)], Counts((await service.GetAsync("/v1/items/popular")).Json, "itemId"));
    }

    [Fact]
    public async Task WorkerMakesTheFirstReleaseOnceThereIsDataAndAnotherEachDay()
    {
        var time = new FakeTimeProvider(Now);
        using var service = TestService.With(time, Exact);
        await PutItemsAsync(service);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(404, (await service.GetAsync(Paths[0])).Status);
        await MeetAsync(service, -1, ("a", "i1"));
        await ReleasedAsync(1, TimeSpan.FromMinutes(1));
        var first = time.GetUtcNow();
        var found = await ReleasedAsync(2, TimeSpan.FromHours(6)); // the clock may have gone on beside a slow release
        Assert.InRange(found, 2, 2 + (int)(time.GetUtcNow() - first).TotalDays);

        async Task<int> ReleasedAsync(int least, TimeSpan step)
        {
            var number = 0;
            await Eventually.IsTrueAsync(async () =>
            {
                time.Advance(step);
                var reply = await service.GetAsync(Paths[0]);
                number = reply.Status == 200 ? (int)Number(reply.Json.GetProperty("release"), "number") : 0;
                return number >= least;
            });
            return number;
        }
    }

    private static async Task<TestService> StartAsync(params (string, string)[] settings)
    {
        var service = TestService.Without([typeof(ReleaseWorker)], settings);
        await PutItemsAsync(service);
        return service;
    }

    private static async Task PutItemsAsync(TestService service)
    {
        for (var i = 1; i <= 3; i++)
        {
            var item = $$"""{"categories":["c{{i}}","sports"],"title":"Title {{i}}","price":{{i}}.5}""";
            Assert.Equal(200, (await service.PutAsync($"/v1/items/i{i}", item)).Status);
        }
    }

    private static Task MeetAsync(TestService service, double days, params (string User, string Item)[] met) =>
        service.AcceptAsync([.. met.Select(m =>
            Event(user: m.User, item: m.Item) with { Timestamp = EventTime.FromUtc(Now.UtcDateTime.AddDays(days)) })]);

    private static Task CrowdAsync(TestService service) =>
        MeetAsync(service, -1, [.. Enumerable.Range(0, 400).Select(u => ($"u{u}", $"i{1 + (u % 3)}"))]);

    /// <summary>Makes a release if it is time, and waits until the service answers with it.</summary>
    private static async Task<ReleaseOutcome> MakeAsync(TestService service, TimeProvider? time = null)
    {
        var services = service.Services;
        var (options, clock) = (services.GetRequiredService<IOptions<AggregateOptions>>(), time ?? TimeProvider.System);
        var store = new ReleaseStore(services.GetRequiredService<IDbContextFactory<ProfileDbContext>>(), options, clock);
        var maker = new ReleaseMaker(
            store, services.GetRequiredService<CountingScan>(), services.GetRequiredService<ReleaseMechanism>(),
            services.GetRequiredService<ItemCatalogue>(), options, clock);
        var outcome = await maker.MakeAsync(Token);
        var last = (await store.FindLastAsync(Token)).Last?.Number;
        if (outcome == ReleaseOutcome.Made)
        {
            await Eventually.IsTrueAsync(async () =>
                await service.GetAsync(Paths[0]) is { Status: 200 } reply && Number(reply.Json.GetProperty("release"), "number") == last);
        }

        return outcome;
    }

    private static async Task<string[]> AnswersAsync(TestService service) =>
        [.. (await Task.WhenAll(Paths.Select(path => service.GetAsync(path)))).Select(r => r.Json.GetRawText())];

    private static async Task<int> CountAsync(
        TestService service, System.Linq.Expressions.Expression<Func<AggregateRelease, bool>> which)
    {
        await using var db = service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        return await db.AggregateReleases.CountAsync(which, Token);
    }

    private static IEnumerable<(string, int)> Counts(JsonElement answer, string key) =>
        answer.GetProperty(key == "category" ? "categories" : "items").EnumerateArray()
            .Select(e => (e.GetProperty(key).GetString()!, e.GetProperty("users").GetInt32()));

    private static (double, double) ShareAndGrowth(JsonElement trending, int index) =>
        (Number(trending.GetProperty("items")[index], "share"), Number(trending.GetProperty("items")[index], "growth"));

    private static double Number(JsonElement of, string name) => of.GetProperty(name).GetDouble();
}
