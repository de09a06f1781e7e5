using Microsoft.Extensions.DependencyInjection;
using ProfileService.Aggregates;
using ProfileService.Tests.Client;
using static ProfileService.TestServers.Common.TestEvents;

namespace ProfileService.Tests.Lookup;

/// <summary>The examples of docs/request-time.md are what runs here.</summary>
[Needs(Need.Process)]
public sealed class RequestTimeTests : IDisposable
{
    private const string Outcomes = "Clicks and purchases";

    private readonly TestService _service = new(("Aggregates:Epsilon", "0"));

    public static TheoryData<string, string> Examples => new()
    {
        { "Connect", "\"accepted\":2" }, // runs with the events
        { "Send events", "\"accepted\":2" },
        { "Straight from a page", "\"accepted\":1" },
        { "Front page", "\"items\":[{\"itemId\":\"" },
        { "Stranger", "\"items\":[],\"popular\":[{\"itemId\":\"gift\",\"users\":1" },
        { Outcomes, "\"shown\":8,\"clicked\":1,\"bought\":0}" },
        { "Product page", "\"similarity\":" },
        { "Product page of somebody known", "\"items\":[{\"itemId\":\"" },
        { "Candidates of your own", "\"unknown\":[\"no-such-item\"]" },
        { "Whom an offer fits", "\"missing\":[\"somebody-new\"]" },
        { "An audience for an item", "\"search\":\"exact\",\"users\":[{\"userId\":\"" },
        { "Sold out", "\"available\":false" },
        { "Visitor who is not remembered", "\"items\":[{\"itemId\":\"" },
        { "Visitor who signs in", "\"userId\":\"ada\",\"from\":\"visitor-17\"" },
        { "A model of your own", "\"missing\":[\"somebody-new\"]" },
        { "What comes next", "\"kinds\":[{\"kind\":\"" },
        { "Why", "\"withoutEvent\":[{\"eventId\":\"" },
        { "People like this one", "\"users\":[" },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task ExampleRuns(string section, string printed)
    {
        await _service.PutAsync("/v1/items/gift", """{"categories":["gifts"]}""");
        await _service.AcceptAsync(Event(item: "gift"));
        await _service.Services.GetRequiredService<ReleaseMaker>().MakeAsync(TestContext.Current.CancellationToken);
        var output = await ExampleDocument.RequestTime.RunAsync(section, "bash", _service.Client.BaseAddress!);
        if (section == Outcomes && !output.Contains("\"recommendations\"", StringComparison.Ordinal))
            output = (await _service.StatusWithAsync("recommendations")).GetRawText(); // which the status leaves out where a store is slow
        Assert.Contains(printed, output, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryExampleOfThePageIsAmongThem() =>
        Assert.Equal(ExampleDocument.RequestTime.Sections.Order(), Examples.Select(example => example.Data.Item1).Order());

    public void Dispose() => _service.Dispose();
}
