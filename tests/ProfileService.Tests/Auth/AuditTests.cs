using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ProfileService.Audit;
using ProfileService.Auth;
using ProfileService.Platform;
using ProfileService.Storage;
using static ProfileService.TestServers.Common.TestEvents;
using static ProfileService.Tests.Auth.KeyedService;

namespace ProfileService.Tests.Auth;

/// <summary>What stands in the audit log, and that it cannot be changed unseen.</summary>
[Needs(Need.Server)]
public sealed class AuditTests(TestServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RefusalsAndUsesOfRawDataStandThereAndOrdinaryLookupsDoNot()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync();
        await keyed.Service.PostAsync("/v1/events", $"[{Event(1, "ursula").Json()}]", "application/json", Bearer(key));
        foreach (var path in (string[])["/v1/users/ursula/profile", "/v1/users/ursula/window", "/v1/users/ursula/profile?include=explanation", "/v1/status", "/v1/users"])
            await keyed.Service.GetAsync(path, Bearer(key));
        await keyed.Service.GetAsync("/v1/users/ursula/profile");
        await keyed.Service.GetAsync("/v1/users/ursula/window", Bearer(await keyed.KeyAsync(Scopes.ProfilesRead)));
        var rows = await RowsAsync(keyed, 4);
        Assert.Equal(
            [("getProfile", 200), ("getProfile", 401), ("getWindow", 200), ("getWindow", 403)],
            rows.Select(r => (r.Action, r.Status)).Order());
        Assert.Equal([$"key:{ApiKey.IdOf(key)}", $"key:{ApiKey.IdOf(key)}"], rows.Where(r => r.Status == 200).Select(r => r.Caller));
        Assert.Equal("unknown", rows.Single(r => r.Status == 401).Caller);
        // No name of hexadecimal digits: a hash or the id of a key may hold that by chance.
        Assert.DoesNotContain(rows, r => r.ToString()!.Contains("ursula", StringComparison.Ordinal) || r.UserHash.Contains("ursula", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MergesStandThereWithBothIds()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync(Scopes.EventsWrite, Scopes.AttributesWrite);
        var reply = await keyed.Service.PostAsync("/v1/users/ada/merge", """{"from":"visitor"}""", "application/json", Bearer(key));
        Assert.Equal(200, reply.Status);
        var rows = await RowsAsync(keyed, 2);
        Assert.All(rows, row => Assert.Equal(("mergeUser", 200), (row.Action, row.Status)));
        var hashes = keyed.Service.Services.GetRequiredService<UserHash>();
        Assert.Equal(((string[])[hashes.Of("ada"), hashes.Of("visitor")]).Order(), rows.Select(row => row.UserHash).Order());
    }

    [Fact]
    public async Task FloodOfRefusalsIsCountedAndDoesNotFillTheLog()
    {
        using var keyed = new KeyedService();
        for (var i = 0; i < 300; i++)
            await keyed.Service.GetAsync($"/v1/users/u{i}/window", Bearer("psk_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        await Eventually.IsTrueAsync(async () => (await AllAsync(keyed)).Sum(r => r.Count) == 300);
        var rows = await AllAsync(keyed);
        Assert.All(rows, r => Assert.Equal(("unknown", 401, ""), (r.Caller, r.Status, r.UserHash))); // nobody has that key, and any id may be asked for
        Assert.InRange(rows.Count, 1, 60);
    }

    [Fact]
    public async Task RefusalsOfEveryLimitStandThere()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync(new NewKey("limited", Scopes.All, null, Events: 1, Users: 1));
        var (events, users) = ($"[{string.Join(',', Enumerable.Range(0, 1_000).Select(i => Event(i, "a").Json()))}]", $$"""{"userIds":[{{string.Join(',', Enumerable.Repeat("\"a\"", 1_000))}}]}""");
        foreach (var (path, body) in new[] { ("/v1/events", events), ("/v1/profiles/lookup", users) })
        {
            while ((await keyed.Service.PostAsync(path, body, "application/json", Bearer(key))).Status != 429)
            {
            }
        }

        await Eventually.IsTrueAsync(async () => (await AllAsync(keyed)).Count >= 2);
        Assert.Equal([("lookupProfiles", 429), ("postEvents", 429)], (await AllAsync(keyed)).Select(r => (r.Action, r.Status)).Distinct().Order());
    }

    [Fact]
    public async Task CallerThatClaimsAKeyWithoutItsSecretIsNotTakenForItsOwner()
    {
        using var keyed = new KeyedService();
        var (key, other) = (await keyed.KeyAsync(), await keyed.KeyAsync());
        await keyed.Service.GetAsync("/v1/users/ada/window", Bearer(key[..17] + other[17..]));
        Assert.Equal($"unproven:{ApiKey.IdOf(key)}", (await RowsAsync(keyed, 1)).Single().Caller);
    }

    [Fact]
    public async Task EachUserOfAnErasureOfManyIsNamed()
    {
        using var keyed = new KeyedService();
        var hashes = keyed.Service.Services.GetRequiredService<UserHash>();
        var reply = await keyed.Service.PostAsync("/v1/erasures", """{"userIds":["ada","ben"]}""", "application/json", Bearer(await keyed.KeyAsync()));
        Assert.Equal(202, reply.Status);
        Assert.Equal(
            new[] { "ada", "ben" }.Select(hashes.Of).Order(),
            (await RowsAsync(keyed, 2)).Where(r => r.Action == "eraseUsers").Select(r => r.UserHash).Order());
    }

    [Fact]
    public async Task FailedRequestStandsThereWithTheStatusOfItsAnswer()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync(Scopes.EventsWrite, Scopes.AttributesWrite);
        var reply = await keyed.Service.PostAsync("/v1/users/ada/merge", new string(' ', (1 << 20) + 1), "application/json", Bearer(key));
        Assert.Equal(413, reply.Status);
        Assert.Equal([("mergeUser", 413)], (await RowsAsync(keyed, 1)).Select(r => (r.Action, r.Status)));
    }

    [Fact]
    public async Task EachUserWhosePurposesAreSetIsNamed()
    {
        using var keyed = new KeyedService();
        var hashes = keyed.Service.Services.GetRequiredService<UserHash>();
        const string Body = """[{"userId":"ada","profile":true,"explain":true,"similar":true,"train":false},{"userId":"a/b","profile":false,"explain":true,"similar":true,"train":true}]""";
        Assert.Equal(200, (await keyed.Service.PostAsync("/v1/purposes", Body, "application/json", Bearer(await keyed.KeyAsync()))).Status);
        Assert.Equal(
            new[] { "ada", "a/b" }.Select(hashes.Of).Append("").Order(), // and the request as a whole
            (await RowsAsync(keyed, 3)).Where(r => (r.Action, r.Status) == ("postPurposes", 200)).Select(r => r.UserHash).Order());
    }

    [Fact]
    public async Task EachUserOfAStreamIsNamed()
    {
        using var keyed = new KeyedService();
        var hashes = keyed.Service.Services.GetRequiredService<UserHash>();
        var lines = string.Join('\n', Enumerable.Range(0, 1_500).Select(i => $$"""{"userId":"u{{i}}"}"""));
        var reply = await keyed.Service.PostAsync("/v1/erasures", lines, "application/x-ndjson", Bearer(await keyed.KeyAsync()));
        Assert.Equal(202, reply.Status);
        Assert.Equal(
            Enumerable.Range(0, 1_500).Select(i => hashes.Of($"u{i}")).Append("").Order(), // and the request as a whole
            (await RowsAsync(keyed, 1_501)).Where(r => (r.Action, r.Status) == ("eraseUsers", 202)).Select(r => r.UserHash).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ChangesOfKeysStandThere(bool onPostgres)
    {
        using var keyed = new KeyedService(onPostgres ? [("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync())] : []);
        var key = await keyed.KeyAsync();
        await keyed.ExpireAsync(key);
        await keyed.RevokeAsync(key);
        await using var db = await keyed.Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        var rows = await db.AuditLog.AsNoTracking().OrderBy(r => r.Sequence).Where(r => r.Caller == "command").ToListAsync(Token);
        Assert.Equal(["createKey", "expireKey", "revokeKey"], rows.Select(r => r.Action));
        Assert.All(rows, r => Assert.Equal(ApiKey.IdOf(key), r.TraceId));
    }

    [Fact]
    public async Task PagesOfOtherSitesAreNamed()
    {
        using var keyed = new KeyedService();
        var key = await keyed.KeyAsync();
        Assert.Equal(403, (await keyed.Service.GetAsync("/v1/users/ada/window", Bearer(key), ("Sec-Fetch-Site", "cross-site"))).Status);
        var row = (await RowsAsync(keyed, 1)).Single();
        Assert.Equal((403, ""), (row.Status, row.UserHash));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ChainShowsARowThatWasAlteredOrRemovedAndTheDatabaseRefusesBoth(bool onPostgres)
    {
        var postgres = onPostgres ? await (await servers.PostgresAsync()).CreateDatabaseAsync() : null;
        using var keyed = new KeyedService(postgres is null ? [] : [("ConnectionStrings:Postgres", postgres)]);
        var store = keyed.Service.Services.GetRequiredService<AuditStore>();
        for (var i = 1; i <= 3; i++)
            await store.AppendAsync([new AuditEntry(DateTime.UnixEpoch.AddTicks(12_345_678 * i), "key:a", "getWindow", "", 200 + i, "t")], Token);
        var whole = await store.VerifyAsync(null, Token);
        Assert.Equal((3, null), (whole.Sequence, whole.Break));
        var head = $"3:{Convert.ToHexStringLower(whole.Hash)}";
        Assert.Null((await store.VerifyAsync(head, Token)).Break);
        Assert.NotNull((await store.VerifyAsync("3:00", Token)).Break);

        await RefusesAsync(keyed.Service.Services);
        await using var superuser = postgres is null ? null : PostgresRoles.Services(PostgresRoles.AsSuperuser(postgres));
        var services = superuser ?? keyed.Service.Services;
        await RefusesAsync(services);
        await using var db = await services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        await db.Database.ExecuteSqlRawAsync(onPostgres ? "DROP TRIGGER audit_log_is_append_only ON audit_log" : "DROP TRIGGER audit_log_is_not_updated; DROP TRIGGER audit_log_is_not_deleted", Token);

        await db.AuditLog.Where(r => r.Sequence == 3).ExecuteDeleteAsync(Token);
        Assert.Null((await store.VerifyAsync(null, Token)).Break); // what is cut off at the end is only seen by who noted it
        Assert.NotNull((await store.VerifyAsync(head, Token)).Break);
        await db.AuditLog.Where(r => r.Sequence == 2).ExecuteUpdateAsync(s => s.SetProperty(r => r.Status, 200), Token);
        Assert.Equal(1, (await store.VerifyAsync(null, Token)).Sequence);
        await db.AuditLog.Where(r => r.Sequence == 1).ExecuteDeleteAsync(Token);
        Assert.Equal("Row 1 is missing.", (await store.VerifyAsync(null, Token)).Break);
    }

    [Fact]
    public async Task ProcessesThatShareTheDatabaseWriteOneChain()
    {
        var redis = await servers.RedisAsync();
        (string, string)[] settings =
        [
            ("ConnectionStrings:Redis", redis.ConnectionString(redis.TakeDatabase())),
            ("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()),
        ];
        using var one = new KeyedService(settings);
        using var other = new KeyedService(settings);
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), Token, async (i, token) =>
            await (i % 2 == 0 ? one : other).Service.Services.GetRequiredService<AuditStore>()
                .AppendAsync([new AuditEntry(DateTime.UnixEpoch, $"key:{i}", "getWindow", "", 200, "t")], token));
        var found = await one.Service.Services.GetRequiredService<AuditStore>().VerifyAsync(null, Token);
        Assert.Equal((40, null), (found.Sequence, found.Break));
    }

    [Fact]
    public async Task EqualEntriesTakeOnePlaceWhileTheDatabaseIsAway()
    {
        using var keyed = new KeyedService();
        var time = new FakeTimeProvider();
        var (log, contexts) = (new AuditLog(time), new WatchedContexts(keyed.Service.Services) { AreLost = true });
        using var worker = new AuditWorker(log, new AuditStore(contexts), time, NullLogger<AuditWorker>.Instance);
        await worker.StartAsync(Token);
        const int Count = AuditLog.MaxWaiting + 1;
        for (var i = 0; i < Count; i++)
            log.Add(Entry("unknown", $"{i}"));
        contexts.AreLost = false;
        await Eventually.IsTrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await AllAsync(keyed)).Sum(r => r.Count) == Count;
        });
        Assert.Equal($"{Count - 1}", (await AllAsync(keyed))[^1].TraceId);
        Assert.Equal(0, log.TakeLost());
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task EntriesThatComeWhileOthersAreWrittenWaitForTheNextSecond()
    {
        using var keyed = new KeyedService();
        var time = new FakeTimeProvider();
        var (log, contexts) = (new AuditLog(time), new WatchedContexts(keyed.Service.Services));
        contexts.Opened = () => log.Add(Entry("unknown", "t"));
        using var worker = new AuditWorker(log, new AuditStore(contexts), time, NullLogger<AuditWorker>.Instance);
        log.Add(Entry("unknown", "t"));
        await worker.StartAsync(Token);
        var seconds = 0;
        await Eventually.IsTrueAsync(async () =>
        {
            if ((await AllAsync(keyed)).Count >= 3)
                return true;
            time.Advance(TimeSpan.FromSeconds(1));
            seconds++;
            return false;
        });
        Assert.InRange(contexts.Count, 3, seconds + 1);
        contexts.Opened = null;
        await worker.StopAsync(Token);
    }

    [Fact]
    public async Task UsesWaitForRoomAndAreLostIfNoneIsMadeFor5Seconds()
    {
        var time = new FakeTimeProvider();
        var log = new AuditLog(time);
        for (var i = 0; i < AuditLog.MaxWaiting; i++)
            log.Add(Entry($"key:{i}", "t"));
        Assert.True(log.IsFull);
        var patient = log.AddAsync([Entry("key:x", "t"), Entry("key:y", "t")]);
        for (var room = 0; room < 2; room++) // 8 seconds in all, and never 5 without room
        {
            time.Advance(TimeSpan.FromSeconds(4));
            var isFull = log.Take(1).Count == 1;
            await Eventually.IsTrueAsync(() => Task.FromResult(isFull && log.IsFull));
        }

        await patient;
        Assert.Equal(0, log.TakeLost());
        var (waiting, tooMany) = (log.AddAsync([Entry("key:a", "t")]), log.AddAsync([Entry("key:b", "t"), Entry("key:c", "t")]));
        Assert.False(waiting.IsCompleted);
        Assert.Equal("key:2", Assert.Single(log.Take(1)).Caller);
        var both = Task.WhenAll(waiting, tooMany);
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return Task.FromResult(both.IsCompleted);
        });
        Assert.Equal(2, log.TakeLost());
        Assert.Equal(AuditLog.MaxWaiting, log.Take(int.MaxValue).Count);
    }

    private static AuditEntry Entry(string caller, string trace) => new(DateTime.UnixEpoch, caller, "getWindow", "", 401, trace);

    private sealed class WatchedContexts(IServiceProvider services) : IDbContextFactory<ProfileDbContext>
    {
        public volatile bool AreLost;
        private volatile int _count;

        public Action? Opened { get; set; }

        public int Count => _count;

        public ProfileDbContext CreateDbContext()
        {
            if (AreLost)
                throw new TimeoutException();
            Interlocked.Increment(ref _count);
            Opened?.Invoke();
            return services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        }
    }

    private static async Task RefusesAsync(IServiceProvider services)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.AuditLog.Where(r => r.Sequence == 2).ExecuteUpdateAsync(s => s.SetProperty(r => r.Status, 200), Token));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.AuditLog.ExecuteDeleteAsync(Token));
        if (db.Database.IsSqlite()) // Postgres has no such statement
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => db.Database.ExecuteSqlRawAsync("INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE sequence = 2", Token));
    }

    private static async Task<List<AuditRow>> RowsAsync(KeyedService keyed, int count)
    {
        await Eventually.IsTrueAsync(async () => (await AllAsync(keyed)).Count >= count);
        return await AllAsync(keyed);
    }

    private static async Task<List<AuditRow>> AllAsync(KeyedService keyed)
    {
        await using var db = await keyed.Service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContextAsync(Token);
        return await db.AuditLog.AsNoTracking().Where(r => r.Caller != "command").ToListAsync(Token); // which made the keys of the test
    }
}
