using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using static ProfileService.TestServers.Common.TestEvents;
using static ProfileService.Tests.Auth.KeyedService;

namespace ProfileService.Tests.Privacy;

/// <summary>Exports while a store is away, and that they are written down.</summary>
[Needs(Need.Server)]
public sealed class ExportOutageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutRedisNothingIsExported()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await service.AcceptAsync(Event(1));
        await redis.KillAsync();
        var reply = await service.GetAsync("/v1/users/u1/export");
        Assert.Equal("store_unavailable", reply.Problem(503).GetProperty("code").GetString());
        Assert.Equal("A store does not respond. Try again.", reply.Problem(503).GetProperty("detail").GetString());
        var posted = await service.PostAsync("/v1/events", Event(2).Json());
        Assert.Contains("counted as duplicates", posted.Problem(503).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("Retry-After", reply.Headers.Keys);
        await redis.StartAgainAsync();
        await Eventually.IsTrueAsync(async () => (await service.GetAsync("/v1/users/u1/export")).Status == 200);
    }

    [Fact]
    public async Task ArchiveThatGoesAwayAmidAnExportCutsTheAnswerOff()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        using var service = new TestService(("ConnectionStrings:Postgres", database), ("Events:Archive", "Postgres"));
        await service.AcceptAsync(Event(1));
        await FillArchiveAsync(database);
        using var response = await service.Client.GetAsync("/v1/users/u1/export", HttpCompletionOption.ResponseHeadersRead, Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Contains("\"archivedEvents\":60001", await lines.ReadLineAsync(Token), StringComparison.Ordinal);
        await postgres.KillAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => lines.ReadToEndAsync(Token));
        Assert.Equal(503, (await service.GetAsync("/v1/users/u1/export")).Status);
    }

    [Theory]
    [InlineData("exportUser")]
    [InlineData("exportAnyUser")]
    public async Task EachExportStandsInTheAuditLogAndInTheNextExport(string action)
    {
        using var keyed = new Auth.KeyedService();
        var key = await keyed.KeyAsync(Scopes.Privacy);
        var hash = keyed.Service.Services.GetRequiredService<UserHash>().Of("ada");
        Task<Reply> AskAsync() => action == "exportUser"
            ? keyed.Service.GetAsync("/v1/users/ada/export", Bearer(key))
            : keyed.Service.PostAsync("/v1/exports", """{"userId":"ada"}""", "application/json", Bearer(key));
        Assert.Equal(200, (await AskAsync()).Status);
        await Eventually.IsTrueAsync(async () =>
            System.Text.Encoding.UTF8.GetString((await AskAsync()).Body) is var text
            && text.Contains(action, StringComparison.Ordinal) && text.Contains(hash, StringComparison.Ordinal));
    }

    // More than the buffers between the two hold.
    private static Task FillArchiveAsync(string database) => PostgresRoles.ExecuteAsync(database, """
        INSERT INTO profiles_service.events (archived_at, user_id, kind, item_id, "timestamp", text)
        SELECT now(), 'u1', 'review', 'i' || i, now() - i * interval '1 second', repeat('x', 1000) FROM generate_series(1, 60000) i
        """);
}
