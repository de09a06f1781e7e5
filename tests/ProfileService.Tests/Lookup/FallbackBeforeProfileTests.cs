using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProfileService.Aggregates;
using ProfileService.Refresh;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>What a user met is not offered to it, also while its first profile is still being computed.</summary>
public sealed class FallbackBeforeProfileTests : IAsyncLifetime
{
    private const string Waiting = "waiting";

    private readonly TestService _service = TestService.WithoutWorker(
        ("Aggregates:Epsilon", "0"), ("Windows:MaxEvents", "2"), ("Windows:RememberSeen", "true"), ("Lookup:FreshTimeout", "00:00:00.010"),
        ("Refresh:Lease", "00:10:00"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var met = new[] { ("gift-1", 6), ("gift-2", 5), ("card-1", 4), ("gift-3", 3) };
        var items = string.Join(',', met.Select(m => $$"""{"itemId":"{{m.Item1}}"}"""));
        Assert.Equal(200, (await _service.PostAsync("/v1/items", $"[{items}]")).Status); // they alone are counted
        await _service.AcceptAsync([.. from m in met
                                       from user in Enumerable.Range(0, m.Item2)
                                       select Event(user, $"user-{user}-{m.Item1}", m.Item1)]);
        await _service.AcceptAsync(Event(1, Waiting, "gift-1"), Event(2, Waiting, "card-1", "purchase"), Event(3, Waiting, "gift-2"));
        Assert.Equal(ReleaseOutcome.Made, await _service.Services.GetRequiredService<ReleaseMaker>().MakeAsync(Token));
        var lease = _service.Services.GetRequiredService<IOptions<RefreshOptions>>().Value.Lease;
        Assert.NotNull(await _service.Services.GetRequiredService<IDueQueue>().ClaimAsync(Waiting, lease, Token)); // for somebody else
    }

    [Theory]
    [InlineData("window", "gift-1", "gift-3")]
    [InlineData("ever", "gift-3")]
    [InlineData("purchased", "gift-1", "gift-2", "gift-3")]
    [InlineData("never", "gift-1", "gift-2", "card-1", "gift-3")]
    public async Task PopularItemsAreWithoutThoseThatTheRequestLeavesOut(string excludeSeen, params string[] expected)
    {
        var body = $$"""{"count":4,"fallback":"popular","excludeSeen":"{{excludeSeen}}"}""";
        var reply = (await _service.PostAsync($"/v1/users/{Waiting}/recommendations", body)).Json;
        Assert.Empty(reply.GetProperty("items").EnumerateArray());
        Assert.Equal(expected, reply.GetProperty("popular").EnumerateArray().Select(i => i.GetProperty("itemId").GetString()));
    }

    public ValueTask DisposeAsync()
    {
        _service.Dispose();
        return ValueTask.CompletedTask;
    }
}
