using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Profiles;

namespace ProfileService.Tests.Items;

[Needs(Need.Server)]
public sealed class PostgresItemStoreTests(TestServers servers) : ItemStoreContract
{
    private protected override async Task<IServiceCollection> AddStoreAsync(IServiceCollection services)
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        return services.AddSingleton(_ => PostgresConnection.Open(database)).AddPostgresProfiles();
    }
}
