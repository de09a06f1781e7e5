using Microsoft.Extensions.DependencyInjection;
using ProfileService.Windows;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Privacy;

public sealed class FreshLookupTests
{
    [Fact]
    public async Task LookupThatWaitsForAProfileEndsWhenTheUserObjects()
    {
        using var service = TestService.WithoutWorker();
        await service.AcceptAsync(Event(1, "ada"));
        var token = TestContext.Current.CancellationToken;
        Assert.NotNull(await service.Services.GetRequiredService<IDueQueue>().ClaimAsync("ada", TimeSpan.FromHours(1), token)); // so that it waits
        var lookup = service.FreshAsync("ada");
        Assert.Equal(200, (await service.PutAsync("/v1/users/ada/purposes", """{"profile":false,"explain":false,"similar":false,"train":false}""")).Status);
        Assert.Equal("purpose_not_allowed", (await lookup).Problem(404).GetProperty("code").GetString()); // and not 503 after Lookup:FreshTimeout
    }
}
