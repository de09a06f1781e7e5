using Microsoft.Extensions.DependencyInjection;
using ProfileService.Profiles;
using static ProfileService.Tests.TestEvents;

namespace ProfileService.Tests.Refresh;

public sealed class RefreshWorkerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostedEventIsReadableWithoutAnyoneAskingForIt()
    {
        using var service = new TestService();
        var profiles = service.Services.GetRequiredService<ProfileStore>();
        await service.AcceptAsync(Event(1));
        await Eventually.IsTrueAsync(async () => await profiles.FindAsync("u1", "tiny/1", Token) is { EventCount: 1 });
        await service.AcceptAsync(Event(2));
        await Eventually.IsTrueAsync(async () => await profiles.FindAsync("u1", "tiny/1", Token) is { EventCount: 2 });
    }

    [Fact]
    public async Task AnotherModelThanBeforeMakesEveryUserDue()
    {
        using var service = new TestService();
        await service.AcceptAsync(Event(1));
        await service.FreshAsync("u1");
        var before = service.Services.GetRequiredService<ProfileStore>();
        var computed = (await before.FindAsync("u1", "tiny/1", Token))!.ComputedAt;
        await before.SetServedModelAsync("older/1", Token);

        using var restarted = service.Restart();
        var profiles = restarted.Services.GetRequiredService<ProfileStore>();
        await Eventually.IsTrueAsync(async () => (await profiles.FindAsync("u1", "tiny/1", Token))!.ComputedAt > computed);
        Assert.StartsWith("tiny/1@", await profiles.FindServedModelAsync(Token), StringComparison.Ordinal);
    }
}
