using Microsoft.Extensions.DependencyInjection;
using ProfileService.Aggregates;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Mcp;

/// <summary>A service with tools for agents, some users and items, and a release of counts.</summary>
public sealed class AgentService : IAsyncLifetime
{
    public TestService Service { get; } = new(("Mcp:Enabled", "true"), ("Aggregates:Epsilon", "0"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Service.PutAsync("/v1/items/yoga-011", """{"categories":["yoga"],"price":24.9,"title":"Yoga mat","labels":["sale"]}""");
        await Service.PutAsync("/v1/items/coffee-001", """{"categories":["coffee"],"price":9,"title":"Beans"}""");
        foreach (var user in (string[])["ada", "ben"])
            await FillAsync(user);
        await Service.Services.GetRequiredService<ReleaseMaker>().MakeAsync(Token);
    }

    /// <summary>Posts eight events of a user and waits for the profile.</summary>
    public async Task FillAsync(string user)
    {
        string[] items = ["yoga-011", "yoga-009", "coffee-001", "yoga-003"];
        await Service.AcceptAsync([
            .. from i in Enumerable.Range(0, 8)
               let item = items[i % 4]
               let kind = i % 3 == 0 ? "cart" : "view"
               select Event(i, user, item, kind, category: item.Split('-')[0], value: 10 + i, text: i == 7 ? "a secret" : null),
        ]);
        Assert.Equal(200, (await Service.FreshAsync(user)).Status);
    }

    public ValueTask DisposeAsync()
    {
        Service.Dispose();
        return ValueTask.CompletedTask;
    }
}
