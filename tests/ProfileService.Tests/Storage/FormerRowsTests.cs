using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;
using ProfileService.Tests.Model;

namespace ProfileService.Tests.Storage;

/// <summary>Profiles that a service stored before they carried the digest of their package, and items of that time.</summary>
[Needs(Need.Server)]
public sealed class FormerRowsTests(TestServers servers) : IDisposable
{
    private const string LastWithoutDigest = "20261123081000_Items";

    private readonly TempDirectory _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Graph => TestModels.Tiny.LegacyDigest!;

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task CountAsByTheModelThatWasServed(bool onPostgres, bool isOfAnotherGraph)
    {
        var postgres = onPostgres ? await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync() : null;
        await FillAsync(postgres, $"tiny/1@{(isOfAnotherGraph ? new string('0', 64) : Graph)}");

        using var service = ServiceOn(postgres);
        var reply = await service.GetAsync("/v1/users/u1/profile");
        var isTakenOver = isOfAnotherGraph && !onPostgres; // on shared stores the process follows: it answers the active model's profiles
        Assert.Equal(isTakenOver ? 404 : 200, reply.Status); // without a window nobody computes it anew
        if (!isTakenOver)
            Assert.Equal((7, 0.25, 0.5), (
                reply.Json.GetProperty("revision").GetInt64(),
                reply.Json.GetProperty("evidence").GetDouble(), // stored as confidence, its name then
                reply.Floats64("vector")[0]));
        Assert.Equal(404, (await service.GetAsync("/v1/users/u2/profile")).Status); // of another model, whatever its digest says

        // On stores that others may share another graph takes nothing over; the same package under its former digest takes its own place.
        var isOwn = !isOfAnotherGraph || !onPostgres;
        await (isOwn ? service.Client.ReadyAsync("model", "Healthy", 200) : service.Client.ReadyAsync("model", "Unhealthy", 503));
        Assert.Equal(isOwn, await service.Services.GetRequiredService<ProfileStore>().FindServedModelAsync(Token) == $"{TestModels.Tiny}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ItemsAreAvailable(bool onPostgres)
    {
        var postgres = onPostgres ? await (await servers.PostgresAsync()).CreateEmptyDatabaseAsync() : null;
        await FillAsync(postgres, $"tiny/1@{Graph}");
        using var service = ServiceOn(postgres);
        var item = (await service.GetAsync("/v1/items/i1")).Json.GetRawText();
        Assert.Equal("""{"itemId":"i1","categories":["c"],"labels":[],"available":true}""", item);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _data.Dispose();
    }

    private TestService ServiceOn(string? postgres) => postgres is null
        ? new TestService(("Data:Directory", _data.Path))
        : new TestService(("Data:Directory", _data.Path), ("ConnectionStrings:Postgres", postgres));

    private async Task FillAsync(string? postgres, string served)
    {
        var services = postgres is null
            ? new ServiceCollection().AddSqliteProfiles(_ => _data.File("profiles.db"))
            : new ServiceCollection().AddSingleton(_ => PostgresConnection.Open(postgres)).AddPostgresProfiles();
        await using var provider = services.BuildServiceProvider();
        await using var db = provider.GetRequiredService<IDbContextFactory<ProfileDbContext>>().CreateDbContext();
        await db.GetService<IMigrator>().MigrateAsync(LastWithoutDigest, Token);
        await db.Database.ExecuteSqlAsync($"INSERT INTO served_model (id, model) VALUES (1, {served})", Token);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO items (item_id, categories, labels, updated_at, revision)
            VALUES ('i1', '["c"]', '[]', {DateTime.UnixEpoch}, 1)
            """,
            Token);
        var vector = VectorBytes.From([0.5f, .. new float[15]]);
        foreach (var (user, model) in new[] { ("u1", "tiny/1"), ("u2", "other/1") })
        {
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO profiles (user_id, model, revision, event_count, events_through, computed_at, vector, confidence)
                VALUES ({user}, {model}, 7, 1, {DateTime.UnixEpoch}, {DateTime.UnixEpoch}, {vector}, 0.25)
                """,
                Token);
        }
    }
}
