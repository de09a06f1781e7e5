using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Storage;

namespace ProfileService.Tests.Profiles;

[Needs(Need.Server)]
public sealed class PostgresProfileStoreTests(TestServers servers) : ProfileStoreContract
{
    [Fact]
    public async Task LookupsUseTheKeyOfOnePartitionAndNeverScan()
    {
        await using var db = Context();
        await Store.StoreAsync([.. Enumerable.Range(0, 20_000).Select(u => Profile($"u{u}", revision: 1))], Token);
        await PostgresRoles.ExecuteAsync(db.Database.GetConnectionString()!, "ANALYZE profiles");
        Assert.DoesNotContain("Seq Scan", await PlanAsync(db, "EXPLAIN SELECT * FROM profiles WHERE user_id = 'u7' AND model = 'm/1'"), StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", await PlanAsync(db, "EXPLAIN SELECT * FROM profiles WHERE user_id = ANY (ARRAY['u7', 'u8', 'u9']) AND model = 'm/1'"), StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", await PlanAsync(db, "EXPLAIN SELECT user_id FROM profiles WHERE model = 'm/1' AND user_id >= 'u7' AND user_id < 'u8' ORDER BY user_id LIMIT 20"), StringComparison.Ordinal);

        var parts = await db.Database.SqlQueryRaw<int>("SELECT count(*)::int AS \"Value\" FROM (SELECT tableoid FROM profiles GROUP BY tableoid) t").SingleAsync(Token);
        Assert.Equal(16, parts);
    }

    [Fact]
    public async Task IdThatNoEventCanHaveIsRefusedBeforePostgresSeesIt()
    {
        using var service = new TestService(("ConnectionStrings:Postgres", await (await servers.PostgresAsync()).CreateDatabaseAsync()));
        await service.AcceptAsync(TestEvents.Event(1));
        await service.FreshAsync("u1");
        var reply = await service.PostAsync("/v1/profiles/lookup", """{ "userIds": ["u1", "a\u0000b", "u1", ""] }""");
        Assert.Equal("userIds[1]", reply.Problem(400).GetProperty("field").GetString());
        Assert.Equal(404, (await service.GetAsync("/v1/users/a%01b/profile")).Status);
    }

    private static async Task<string> PlanAsync(ProfileDbContext db, string sql) => string.Join('\n', await db.Database.SqlQueryRaw<string>(sql).ToListAsync(Token));

    private protected override async Task<IServiceCollection> AddStoreAsync(IServiceCollection services)
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        return services.AddSingleton(_ => PostgresConnection.Open(database)).AddPostgresProfiles();
    }
}
