using Microsoft.Extensions.DependencyInjection;
using ProfileService.Platform;
using ProfileService.Profiles;
using ProfileService.Tests.Servers;

namespace ProfileService.Tests.Items;

public sealed class PostgresItemStoreTests(TestServers servers) : ItemStoreContract
{
    private protected override async Task<IServiceCollection> AddStoreAsync(IServiceCollection services)
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        return services.AddSingleton(_ => PostgresConnection.Open(database)).AddPostgresProfiles();
    }
}
