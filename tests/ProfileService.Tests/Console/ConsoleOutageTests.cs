using static Microsoft.Playwright.Assertions;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.ConsolePages;

/// <summary>The console while the service or a store of it is away. The service that goes away is the built program, started in a folder that is not its own.</summary>
[Needs(Need.Server, Need.Process, Need.Browser)]
public sealed class ConsoleOutageTests(Browser browser) : IDisposable
{
    private readonly TempDirectory _data = new();
    private readonly int _port = FreePort.Take();

    [Fact]
    public async Task BannerIsThereWhileTheServiceIsAwayAndGoesByItself()
    {
        using var service = await StartAsync();
        await service.PostEventsAsync(Event(1, "waiting").Json());
        await service.GetAsync("/v1/users/waiting/profile?fresh=true");
        await using var view = await browser.OpenAsync(service.Client.BaseAddress!, BrowserView.UserAddress("waiting"));
        await Expect(view.Banner).ToBeHiddenAsync();

        await service.KillAsync();
        await Expect(view.Banner).ToContainTextAsync("The service does not answer.");
        await Expect(view.Heading).ToHaveTextAsync("waiting"); // what is known stays

        using var again = await StartAsync();
        await Expect(view.Banner).ToBeHiddenAsync();
        await again.PostEventsAsync(Event(2, "waiting", "i2").Json());
        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i2", "i1"]);
    }

    [Fact]
    public async Task PageThatCouldNotBeHadComesWhenTheServiceIsBack()
    {
        using var service = await StartAsync();
        await service.PostEventsAsync(Event(1, "waiting").Json());
        await service.GetAsync("/v1/users/waiting/profile?fresh=true");
        await using var view = await browser.OpenAsync(service.Client.BaseAddress!, "#/service");

        await service.KillAsync();
        await view.Find("#search-input").FillAsync("waiting");
        await view.Find("#search-input").PressAsync("Enter");
        await Expect(view.Find("main")).ToContainTextAsync("The service does not answer.");

        using var again = await StartAsync();
        await Expect(view.Find(".event-item")).ToHaveTextAsync(["i1"]);
        await Expect(view.Banner).ToBeHiddenAsync();
    }

    [Fact]
    public async Task BannerNamesTheStoreThatFailsAndThenWhatIsAmissWithIt()
    {
        await using var redis = await RedisServer.StartAsync();
        using var service = new TestService(("ConnectionStrings:Redis", redis.ConnectionString()));
        await service.AcceptAsync(Event(1, "waiting"));
        await service.FreshAsync("waiting");
        await using var view = await browser.OpenAsync(service.Client.BaseAddress!, BrowserView.UserAddress("waiting"));

        await redis.KillAsync();
        await Expect(view.Banner).ToContainTextAsync("The service is not ready.");
        await Expect(view.Banner).ToContainTextAsync("windows: ");
        await view.GoToAsync("#/compare?a=waiting&b=waiting");
        await Expect(view.Card("Profile")).ToContainTextAsync("may be behind: a store is away, or the window was altered");

        await redis.StartAgainAsync(); // without an append-only file, which is worth a warning
        await Expect(view.Banner).ToContainTextAsync("The service works, but a part of it is amiss.");
        await Expect(view.Banner).ToContainTextAsync("appendonly");
    }

    public void Dispose() => _data.Dispose();

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync(_data, $"--urls=http://127.0.0.1:{_port}");
}
