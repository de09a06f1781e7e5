using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using ProfileService.Model;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Tests.Model;
using ProfileService.Tests.Privacy;
using ProfileService.Windows;

namespace ProfileService.Tests.Similar;

/// <summary>What goes on while an index of <c>profile_vectors</c> is built, and who builds it. Another session holds up the build.</summary>
[Needs(Need.Server)]
public sealed class IndexBuildTests(TestServers servers) : IAsyncLifetime
{
    private const string OfBuilds =
        "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'CREATE INDEX %' AND wait_event_type = 'Lock'";

    private const string Erased = "erased";

    private string _database = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static VectorSpace Space => new(TestModels.Tiny, 16);

    [Fact]
    public async Task ErasuresPurposesAndRefreshGoOn()
    {
        await using var hold = await HoldUpAsync();
        using var service = new TestService(("ConnectionStrings:Postgres", _database), ("Similar:Search", "Hnsw"));
        await BuildsAsync(1);
        string[] users = ["erased", "refusing", "staying", "coming"];
        await service.AcceptAsync([.. users.Select(user => TestEvents.Event(1, user))]);
        foreach (var user in users)
            Assert.Equal(200, (await service.FreshAsync(user)).Status);
        var refusal = """[{ "userId": "refusing", "profile": false, "explain": true, "similar": true, "train": true }]""";
        Assert.Equal(200, (await service.PostAsync("/v1/purposes", refusal)).Status);
        var receipt = (await service.PostAsync("/v1/erasures", """{ "userIds": ["erased"] }""")).Json.GetProperty("receipt").GetString();
        await Eventually.IsTrueAsync(async () => await service.GetAsync($"/v1/erasures/{receipt}") is { Status: 200 } reply
            && reply.Json.GetProperty("state").GetString() is "gone" or "done");
        await Eventually.IsTrueAsync(async () => await CountAsync("""
            SELECT count(*) FROM profiles_service.profile_vectors WHERE user_id IN ('staying', 'coming')
            """) == 2);
        Assert.Equal("exact", await SearchAsync(service));
        Assert.Equal(1, await CountAsync($"SELECT count(*) {OfBuilds}"));

        await hold.DisposeAsync();
        await Eventually.IsTrueAsync(async () => await SearchAsync(service) == "hnsw");
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM profiles_service.profile_vectors WHERE user_id IN ('erased', 'refusing')"));
    }

    /// <summary>As where another process made the table anew: this one knows of the former, and must not answer from what is there so far.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task IndexThatIsGoneIsNotSearched(bool isTableMadeAnew)
    {
        using var service = new TestService(("ConnectionStrings:Postgres", _database), ("Similar:Search", "Hnsw"));
        await service.AcceptAsync([TestEvents.Event(1, "staying"), TestEvents.Event(1, "other")]);
        Assert.Equal(200, (await service.FreshAsync("staying")).Status);
        Assert.Equal(200, (await service.FreshAsync("other")).Status);
        await Eventually.IsTrueAsync(async () => await SearchAsync(service) == "hnsw");
        if (isTableMadeAnew)
            await PgvectorStandIn.RenewTableAsync(_database);
        else
            await DropIndexAsync();
        await using (await HoldUpAsync())
        {
            var reply = await service.GetAsync("/v1/users/staying/similar");
            Assert.Equal((200, "exact"), (reply.Status, reply.Json.GetProperty("search").GetString()));
            Assert.Equal("other", Assert.Single(reply.Json.GetProperty("users").EnumerateArray()).GetProperty("userId").GetString());
        }

        await NobodyBeganAsync();
        await Eventually.IsTrueAsync(async () => await SearchAsync(service) == "hnsw");
        Assert.Equal(2, await CountAsync("SELECT count(*) FROM profiles_service.profile_vectors"));
    }

    [Fact]
    public async Task OneProcessBuildsAndTheOthersFindTheIndex()
    {
        await using var one = PostgresConnection.Open(_database);
        await using var two = PostgresConnection.Open(_database);
        var hold = await HoldUpAsync();
        var first = new PgvectorIndexes(one).BuildAsync(Space, Token);
        await BuildsAsync(1);
        Assert.False(await new PgvectorIndexes(two).BuildAsync(Space, Token));
        Assert.False(await new PgvectorIndexes(two).HasAsync(Space, Token));
        await hold.DisposeAsync();
        Assert.True(await first);
        Assert.True(await new PgvectorIndexes(two).HasAsync(Space, Token));
    }

    [Fact]
    public async Task WhatACutOffBuildLeftIsRemovedAndBuiltAnew()
    {
        await using var postgres = PostgresConnection.Open(_database);
        var indexes = new PgvectorIndexes(postgres);
        await using (await HoldUpAsync())
        {
            var build = indexes.BuildAsync(Space, Token);
            await BuildsAsync(1);
            Assert.Equal(1, await CountAsync($"SELECT count(pg_cancel_backend(pid)) {OfBuilds}"));
            await Assert.ThrowsAsync<PostgresException>(() => build);
        }

        Assert.Equal(1, await CountAsync("SELECT count(*) FROM pg_index WHERE NOT indisvalid"));
        Assert.False(await indexes.HasAsync(Space, Token));
        await Eventually.IsTrueAsync(async () =>
        {
            await NobodyBeganAsync();
            var isBuilt = await indexes.BuildAsync(Space, Token); // false only if it got no lock, and then it removed nothing
            Assert.True(isBuilt || await CountAsync("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == 1);
            return isBuilt;
        });
        Assert.True(await indexes.HasAsync(Space, Token));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM pg_index WHERE NOT indisvalid"));
    }

    [Fact]
    public async Task FailedBuildsAreTriedAgainAfterGrowingPauses()
    {
        await PostgresRoles.ExecuteAsync(_database, "ALTER OPERATOR CLASS vector_cosine_ops USING hnsw RENAME TO away");
        await using var postgres = PostgresConnection.Open(_database);
        var (time, log) = (new FakeTimeProvider(), new LogText());
        var build = new PgvectorBuild(new PgvectorIndexes(postgres), time, log);
        Assert.False(await build.HasAsync(Space, Token));
        foreach (var pause in (int[])[10, 20, 40, 80, 160, 300, 300])
        {
            await Eventually.IsTrueAsync(async () =>
            {
                Assert.False(await build.HasAsync(Space, Token));
                return log.Take().Contains($"retrying in {TimeSpan.FromSeconds(pause)}", StringComparison.Ordinal);
            });
            time.Advance(TimeSpan.FromSeconds(pause - 1));
            await NobodyBeganAsync();
            Assert.False(await build.HasAsync(Space, Token));
            await build.StopAsync();
            Assert.Equal(0, await CountAsync("SELECT count(*) FROM pg_description WHERE objoid = 'profiles_service.profile_vectors'::regclass")); // nobody began
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(await build.HasAsync(Space, Token));
        }

        await build.StopAsync();
        await PostgresRoles.ExecuteAsync(_database, "ALTER OPERATOR CLASS away USING hnsw RENAME TO vector_cosine_ops");
        await Eventually.IsTrueAsync(async () =>
        {
            time.Advance(TimeSpan.FromMinutes(5));
            await NobodyBeganAsync();
            return await build.HasAsync(Space, Token);
        });
    }

    [Fact]
    public async Task UserWhoMayNotBuildSaysSoOnceAndFindsWhatAnotherBuilt()
    {
        await PostgresRoles.ExecuteAsync(_database, """
            ALTER TABLE profiles_service.profile_vectors OWNER TO postgres;
            GRANT ALL ON profiles_service.profile_vectors TO profiles_service
            """);
        await using var postgres = PostgresConnection.Open(_database);
        var (time, log, refusals) = (new FakeTimeProvider(), new LogText(), 0);
        var build = new PgvectorBuild(new PgvectorIndexes(postgres), time, log);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.False(await build.HasAsync(Space, Token));
            await build.StopAsync();
            Assert.False(await build.HasAsync(Space, Token));
            refusals += log.Take().Contains("may not build", StringComparison.Ordinal) ? 1 : 0;
            time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(1, refusals);
        await using var owner = PostgresConnection.Open(PostgresRoles.AsSuperuser(_database));
        Assert.True(await new PgvectorIndexes(owner).BuildAsync(Space, Token));
        Assert.True(await build.HasAsync(Space, Token));
    }

    [Fact]
    public async Task WhoWaitsForTheTableKeepsNobodyWaiting()
    {
        await using var postgres = PostgresConnection.Open(_database);
        var table = new PgvectorTable(postgres);
        await using var hold = await HoldUpAsync("LOCK TABLE profiles_service.profile_vectors");
        await AssertWaitsWithoutOthersAsync(cancelled => table.DeleteAsync(["u1"], [1], cancelled));
        await AssertWaitsWithoutOthersAsync(cancelled => table.StoreAsync([new VectorRow("u1", 1, new byte[64])], TestModels.Tiny, cancelled));
    }

    [Fact]
    public async Task ManyVectorsAreStoredAFewAtATime()
    {
        await PostgresRoles.ExecuteAsync(_database, """
            CREATE TABLE stored (transaction xid8);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO public.stored VALUES (pg_current_xact_id()); RETURN NEW; END $$;
            CREATE TRIGGER note AFTER INSERT ON profiles_service.profile_vectors FOR EACH ROW EXECUTE FUNCTION note()
            """);
        using var service = TestService.WithoutWorker(("ConnectionStrings:Postgres", _database), ("Similar:Search", "Exact"));
        List<Profile> profiles = [.. Enumerable.Range(0, 220).Select(i => Profile($"u{i}"))];
        await service.Services.GetRequiredService<ProfileStore>().StoreAsync(profiles, Token);
        var rows = profiles.ConvertAll(p => new VectorRow(p.UserId, p.Revision, p.Vector));
        await service.Services.GetRequiredService<PgvectorTable>().StoreAsync(rows, TestModels.Tiny, Token);
        Assert.Equal(220, await CountAsync("SELECT count(*) FROM stored"));
        Assert.InRange(await CountAsync("SELECT max(rows) FROM (SELECT count(*) AS rows FROM stored GROUP BY transaction::text) AS t"), 1, 50);
    }

    [Fact]
    public async Task NothingOfAnErasedUserWaitsForTheTable()
    {
        using var service = TestService.WithoutWorker(("ConnectionStrings:Postgres", _database), ("Similar:Search", "Exact"));
        var (services, feed) = (service.Services, new StoredFeed());
        await using var postgres = PostgresConnection.Open(_database);
        var table = new PgvectorTable(postgres);
        Assert.Null(await table.OpenAsync(Token));
        await using var hold = await HoldUpAsync("LOCK TABLE profiles_service.profile_vectors");
        using var worker = new PgvectorWorker(
            table,
            new PgvectorIndexes(postgres),
            feed,
            services.GetRequiredService<ModelSlot>(),
            services.GetRequiredService<ModelRegistry>(),
            services.GetRequiredService<ErasedUsers>(),
            services.GetRequiredService<KeepingRule>(),
            TimeProvider.System,
            NullLogger<PgvectorWorker>.Instance);
        await worker.StartAsync(Token);
        var (profile, user) = Tell(feed);
        Assert.Contains(Erased, services.GetRequiredService<ErasedUsers>().UsersInMemory());
        services.GetRequiredService<ErasedUsers>().Forget(Erased, services.GetRequiredService<UserHash>().Of(Erased), floor: 1);
        await Eventually.IsTrueAsync(() =>
        {
            GC.Collect();
            return Task.FromResult(!profile.IsAlive && !user.IsAlive);
        });
        await hold.DisposeAsync();
        await worker.StopAsync(Token);
    }

    public async ValueTask InitializeAsync() => _database = await PgvectorStandIn.CreateDatabaseAsync(await servers.PostgresAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [MethodImpl(MethodImplOptions.NoInlining)] // so that no variable holds them
    private static (WeakReference Profile, WeakReference UserId) Tell(StoredFeed feed)
    {
        var profile = Profile(new string(Erased.AsSpan())); // the constant lives on
        feed.Tell([profile]);
        return (new WeakReference(profile), new WeakReference(profile.UserId));
    }

    private static Profile Profile(string user) => new()
    {
        UserId = user,
        Model = TestModels.Tiny.Id,
        Digest = TestModels.Tiny.Digest,
        Revision = 1,
        EventCount = 1,
        EventsThrough = TestEvents.Start.UtcDateTime,
        ComputedAt = TestEvents.Start.UtcDateTime,
        Vector = VectorBytes.From([.. Enumerable.Range(1, 16).Select(i => (float)i)]),
    };

    private static async Task<string?> SearchAsync(TestService service) =>
        await service.GetAsync("/v1/users/staying/similar") is { Status: 200 } reply ? reply.Json.GetProperty("search").GetString() : null;

    private async Task DropIndexAsync()
    {
        await using var postgres = PostgresConnection.Open(_database);
        await using var find = postgres.CreateCommand("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisprimary AND indrelid = 'profile_vectors'::regclass");
        var index = (string)(await find.ExecuteScalarAsync(Token))!;
        await using var drop = postgres.CreateCommand($"DROP INDEX {index}");
        await drop.ExecuteNonQueryAsync(Token);
    }

    /// <summary>A transaction that wrote to the table, for whose end a build waits.</summary>
    private async Task<NpgsqlConnection> HoldUpAsync(
        string statement = "INSERT INTO profiles_service.profile_vectors VALUES ('held', 'other/1@1', 1, '[1]')")
    {
        var connection = new NpgsqlConnection($"{PostgresRoles.AsSuperuser(_database)};Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand($"BEGIN; {statement}", connection);
        await command.ExecuteNonQueryAsync(Token);
        return connection;
    }

    private Task BuildsAsync(int count) => Eventually.IsTrueAsync(async () => await CountAsync($"SELECT count(*) {OfBuilds}") == count);

    /// <summary>Lets the next one begin a build at once.</summary>
    private Task NobodyBeganAsync() => PostgresRoles.ExecuteAsync(_database, "COMMENT ON TABLE profiles_service.profile_vectors IS NULL");

    /// <summary>Whoever waits for the table has none of the locks behind which others wait.</summary>
    private async Task AssertWaitsWithoutOthersAsync(Func<CancellationToken, Task> write)
    {
        // 0: nobody waits, 1: somebody does, 2: with such a lock.
        const string waiting = """
            SELECT coalesce(max(1 + (SELECT least(count(*), 1) FROM pg_locks a WHERE a.pid = t.pid AND a.locktype = 'advisory' AND a.granted)), 0)
            FROM pg_locks t WHERE relation = 'profiles_service.profile_vectors'::regclass AND NOT granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var writing = Task.CompletedTask;
        await Eventually.IsTrueAsync(async () =>
        {
            if (writing.IsCompleted)
            {
                if (writing.IsFaulted) // it gave up
                    Assert.Equal(PostgresErrorCodes.LockNotAvailable, Assert.IsType<PostgresException>(writing.Exception!.InnerException).SqlState);
                writing = write(cancellation.Token);
            }

            var found = await CountAsync(waiting);
            Assert.InRange(found, 0, 1);
            return found == 1;
        });
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => writing);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresRoles.AsSuperuser(_database));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
