using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProfileService.Auth;
using ProfileService.Host;
using ProfileService.Platform;
using ProfileService.Privacy;
using ProfileService.Storage;

namespace ProfileService.Tests.Host;

/// <summary>What is answered while the database takes no writes, or a connection to it ends: 503, whichever statement fails.</summary>
[Needs(Need.Server)]
public sealed class ReadOnlyDatabaseTests(TestServers servers) : IAsyncLifetime
{
    private PostgresServer _postgres = null!;
    private string _database = "";
    private TestService _service = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDbContextFactory<ProfileDbContext> Contexts => _service.Services.GetRequiredService<IDbContextFactory<ProfileDbContext>>();

    public async ValueTask InitializeAsync()
    {
        _postgres = await servers.PostgresAsync();
        _database = await _postgres.CreateDatabaseAsync();
        _service = new TestService(("ConnectionStrings:Postgres", _database));
        Assert.Equal(200, (await _service.PutAsync("/v1/items/sku-1", """{"price":1}""")).Status);
    }

    [Theory]
    [InlineData("PUT", "/v1/items/sku-1", """{"price":2}""")]
    [InlineData("PATCH", "/v1/items/sku-1", """{"price":2}""")]
    [InlineData("PUT", "/v1/users/u1/attributes", """{"age":34}""")]
    [InlineData("PUT", "/v1/users/u1/purposes", """{"profile":true,"explain":true,"similar":false,"train":false}""")]
    [InlineData("DELETE", "/v1/users/u1", "")]
    [InlineData("POST", "/v1/erasures", """{"userIds":["u1","u2"]}""")]
    [InlineData("POST", "/v1/erasures", """{"userId":"u1"}""", "application/x-ndjson")]
    [InlineData("POST", "/v1/users/u1/merge", """{"from":"u2"}""")]
    public async Task EveryWriteIsRefusedAsTheStoreRefusesIt(string method, string path, string body, string type = "application/json")
    {
        await _postgres.AllowWritesAsync(_database, allowed: false);
        await RefusedAsync(() => method switch
        {
            "PUT" => _service.PutAsync(path, body),
            "PATCH" => _service.PatchAsync(path, body),
            "DELETE" => _service.SendAsync(HttpMethod.Delete, path, []),
            _ => _service.PostAsync(path, body, type),
        });
    }

    [Fact]
    public async Task WritesAreTakenAgainWhenTheStoreTakesThem()
    {
        await _postgres.AllowWritesAsync(_database, allowed: false);
        await RefusedAsync(() => _service.PatchAsync("/v1/items/sku-1", """{"price":2}"""));
        await _postgres.AllowWritesAsync(_database, allowed: true);
        await Eventually.IsTrueAsync(async () => (await _service.PatchAsync("/v1/items/sku-1", """{"price":2}""")).Status == 200);
    }

    [Fact]
    public async Task ReadinessTellsThatNothingCanBeWritten()
    {
        await _service.Client.ReadyAsync("profiles", "Healthy");
        await _postgres.AllowWritesAsync(_database, allowed: false);
        await _service.Client.ReadyAsync(ready =>
            ready.StatusOf("profiles") == "Degraded" && ready.DescriptionOf("profiles").Contains("cannot be written", StringComparison.Ordinal));
        await _postgres.AllowWritesAsync(_database, allowed: true);
        await _service.Client.ReadyAsync("profiles", "Healthy");
    }

    [Fact]
    public async Task KeyThatCannotBeStoredIsExplained()
    {
        await _postgres.AllowWritesAsync(_database, allowed: false);
        var keys = new KeyStore(Contexts, TimeProvider.System);
        await Eventually.IsTrueAsync(async () =>
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => keys.CreateAsync(new NewKey("shop", ["events:write"], null), Token));
            Assert.NotNull(StartFailure.Explain(failure));
            return StoreFailure.IsRefusal(failure);
        });
    }

    [Fact]
    public async Task ConnectionThatEndsBeforeChangesAreSavedIsAFailureOfTheStore()
    {
        await using var db = await Contexts.CreateDbContextAsync(Token);
        await db.Database.OpenConnectionAsync(Token);
        var session = ((NpgsqlConnection)db.Database.GetDbConnection()).ProcessID;
        await using (var other = await Contexts.CreateDbContextAsync(Token))
            await other.Database.ExecuteSqlAsync($"SELECT pg_terminate_backend({session}, 60000)", Token);
        db.Erasures.Add(Erasures.New(1, TimeProvider.System));
        var failure = await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Token));
        Assert.Equal((true, false), (StoreFailure.Is(failure), StoreFailure.IsRefusal(failure)));
    }

    public ValueTask DisposeAsync()
    {
        _service?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends until the earlier connections are gone.</summary>
    private static async Task RefusedAsync(Func<Task<Reply>> send) => await Eventually.IsTrueAsync(async () =>
    {
        var reply = await send();
        var problem = reply.Problem(503);
        Assert.Equal("store_unavailable", problem.GetProperty("code").GetString());
        Assert.Contains("Retry-After", reply.Headers.Keys);
        return problem.GetProperty("detail").GetString()!.StartsWith("A store refuses", StringComparison.Ordinal);
    });
}
