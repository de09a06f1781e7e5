using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using ProfileService.Model;
using ProfileService.Profiles;
using ProfileService.Purposes;
using ProfileService.Similar;
using ProfileService.Storage;
using ProfileService.Tests.Model;
using ProfileService.Tests.Privacy;
using ProfileService.Windows;

namespace ProfileService.Tests.Lookup;

/// <summary>By pgvector's index.</summary>
[Needs(Need.Server)]
public sealed class HnswSimilarTests(PgvectorFixture server) : SimilarUsersContract, IClassFixture<PgvectorFixture>
{
    private protected override string Search => "hnsw";

    [Fact]
    public async Task LargeTableIsSearchedByTheIndexOfItsModel()
    {
        var random = new Random(4);
        await StoreAsync([.. Enumerable.Range(0, 3_000).Select(u => Profile($"user-{u:D4}", [.. Enumerable.Range(0, 16).Select(_ => random.NextSingle() - 0.5f)], revision: 1))]);
        await ReadyAsync(3_000);
        var postgres = Service.Services.GetRequiredService<NpgsqlDataSource>();
        await using (var analyze = postgres.CreateCommand("ANALYZE profile_vectors"))
            await analyze.ExecuteNonQueryAsync(Token);
        await using var explain = postgres.CreateCommand($"""
            EXPLAIN SELECT user_id FROM profile_vectors WHERE model = '{TestModels.Tiny}' AND vector_dims(vector) = 16
            ORDER BY vector::vector(16) <=> (SELECT vector::vector(16) FROM profile_vectors WHERE user_id = 'user-0001' AND model = '{TestModels.Tiny}') LIMIT 20
            """);
        await using var reader = await explain.ExecuteReaderAsync(Token);
        var plan = new List<string>();
        while (await reader.ReadAsync(Token))
            plan.Add(reader.GetString(0));
        Assert.Contains(plan, line => line.Contains("Index Scan using profile_vectors_", StringComparison.Ordinal) && !line.Contains("pkey", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RowsOfAUserAreFoundByTheId()
    {
        await StoreAsync([Profile("one", [.. Enumerable.Range(0, 16).Select(i => i / 16f)], revision: 7)]);
        await ReadyAsync(1);
        var row = Assert.Single(await Service.Services.GetRequiredService<PgvectorTable>().FindOfUserAsync("one", Token));
        Assert.Equal(7, row.Revision);
        Assert.Equal([.. Enumerable.Range(0, 16).Select(i => i / 16f)], row.Vector);
        Assert.Empty(await Service.Services.GetRequiredService<PgvectorTable>().FindOfUserAsync("nobody", Token));
    }

    [Fact]
    public async Task RestartFillsWhatWasMissed()
    {
        await FillAsync();
        var postgres = Service.Services.GetRequiredService<NpgsqlDataSource>();
        await using (var forget = postgres.CreateCommand("DELETE FROM profile_vectors WHERE user_id LIKE 'user-00%'"))
            Assert.Equal(100, await forget.ExecuteNonQueryAsync(Token));
        using var worker = Worker(new StoredFeed(), Service.Services.GetRequiredService<ModelRegistry>());
        await worker.StartAsync(Token);
        await ReadyAsync(400);
        await worker.StopAsync(Token);
    }

    /// <summary>
    /// A removal that followed the profile's may have failed; another package of the name may have made the profile anew. A vector that is not
    /// finite is missing for good, and not told each time.
    /// </summary>
    [Fact]
    public async Task SweepDeletesWhatHasNoProfileAndSaysNothingOfWhatIsNotFinite()
    {
        await FillAsync();
        await StoreAsync([Profile("not-finite", [float.NaN, .. new float[15]], revision: 1)]);
        var postgres = Service.Services.GetRequiredService<NpgsqlDataSource>();
        await using (var add = postgres.CreateCommand("""
            INSERT INTO profile_vectors SELECT 'user-of-no-profile', model, 1, vector FROM profile_vectors WHERE user_id = 'user-0001';
            INSERT INTO profile_vectors SELECT user_id, 'tiny/1@other', 1, vector FROM profile_vectors WHERE user_id = 'user-0002';
            UPDATE profiles SET digest = 'other' WHERE user_id = 'user-0002';
            """))
            Assert.Equal(3, await add.ExecuteNonQueryAsync(Token));
        var log = new LogText();
        using var worker = Worker(new StoredFeed(), Service.Services.GetRequiredService<ModelRegistry>(), log);
        await worker.StartAsync(Token);
        await using var count = postgres.CreateCommand("SELECT count(*) FROM profile_vectors");
        await Eventually.IsTrueAsync(async () => (long)(await count.ExecuteScalarAsync(Token))! == 400);
        await worker.StopAsync(Token);
        Assert.DoesNotContain("were missing", log.ToString(), StringComparison.Ordinal);
        var table = Service.Services.GetRequiredService<PgvectorTable>();
        Assert.Empty(await table.FindOfUserAsync("user-of-no-profile", Token));
        Assert.Equal("tiny/1@other", Assert.Single(await table.FindOfUserAsync("user-0002", Token)).Model);
    }

    [Fact]
    public async Task TableThatIsDroppedIsMadeAndFilledAnew()
    {
        await FillAsync();
        var postgres = Service.Services.GetRequiredService<NpgsqlDataSource>();
        await using (var drop = postgres.CreateCommand("DROP TABLE profile_vectors"))
            await drop.ExecuteNonQueryAsync(Token);
        var reply = await Service.GetAsync("/v1/users/user-0001/similar?count=10");
        Assert.Equal((200, 10), (reply.Status, UsersOf(reply.Json).Count));
        await Eventually.IsTrueAsync(async () => await Service.GetAsync("/v1/users/user-0001/similar") is { Status: 200 } later
            && later.Json.GetProperty("search").GetString() == "hnsw");
        await ReadyAsync();
    }

    [Fact]
    public async Task ProcessWhoseModelWasReplacedKeepsNoUserForTheIndex()
    {
        var (models, feed) = (Service.Services.GetRequiredService<ModelSlot>(), new StoredFeed());
        var registry = new ModelRegistry(models, NullLogger<ModelRegistry>.Instance);
        registry.Update(registry.Own);
        registry.Update(new ModelStamp("other/1", "digest"));
        using var worker = Worker(feed, registry);
        await worker.StartAsync(Token);
        var told = Tell(feed);
        await Eventually.IsTrueAsync(() =>
        {
            GC.Collect();
            return Task.FromResult(!told.IsAlive);
        });
        await worker.StopAsync(Token);
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // so that no variable holds the id
    private WeakReference Tell(StoredFeed feed)
    {
        var user = new string("one".AsSpan());
        feed.Tell([Profile(user, new float[16], revision: 1)]);
        return new WeakReference(user);
    }

    private PgvectorWorker Worker(StoredFeed feed, ModelRegistry registry, ILoggerProvider? log = null) => new(
        Service.Services.GetRequiredService<PgvectorTable>(),
        Service.Services.GetRequiredService<PgvectorIndexes>(),
        feed,
        Service.Services.GetRequiredService<ModelSlot>(),
        registry,
        Service.Services.GetRequiredService<ErasedUsers>(),
        Service.Services.GetRequiredService<KeepingRule>(),
        TimeProvider.System,
        log is null ? NullLogger<PgvectorWorker>.Instance : LoggerFactory.Create(builder => builder.AddProvider(log)).CreateLogger<PgvectorWorker>());

    private protected override async Task<(string, string)[]> SettingsAsync() =>
        [("ConnectionStrings:Postgres", await server.EmptyDatabaseAsync()), ("Similar:Search", "Hnsw")];

    private protected override Task ReadyAsync() => ReadyAsync(400);

    private protected override async Task FillAgainAsync()
    {
        await using (var forget = Service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("DELETE FROM profile_vectors"))
            await forget.ExecuteNonQueryAsync(Token);
        using var worker = Worker(new StoredFeed(), Service.Services.GetRequiredService<ModelRegistry>());
        await worker.StartAsync(Token);
        await ReadyAsync(400);
        await worker.StopAsync(Token);
    }

    private async Task ReadyAsync(int users)
    {
        var space = VectorSpace.Of(Service.Services.GetRequiredService<ModelSlot>().Current);
        var postgres = Service.Services.GetRequiredService<NpgsqlDataSource>();
        await Eventually.IsTrueAsync(async () =>
        {
            await using var count = postgres.CreateCommand("SELECT count(*) FROM profile_vectors");
            return Service.Services.GetRequiredService<PgvectorWorker>().IsReadyFor(space) && (long)(await count.ExecuteScalarAsync(Token))! >= users;
        });
    }
}

/// <summary>One PostgreSQL with pgvector for the tests of a class, which take turns.</summary>
public sealed class PgvectorFixture : IAsyncLifetime
{
    private PgvectorServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PgvectorServer.StartAsync();

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Makes an empty database; the one before may be gone.</summary>
    public Task<string> EmptyDatabaseAsync() => _server.CreateDatabaseAsync();
}
