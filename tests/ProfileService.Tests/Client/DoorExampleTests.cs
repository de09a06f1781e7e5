using ProfileService.Client;

namespace ProfileService.Tests.Client;

/// <summary>The examples of docs/clients.md are what runs here: attributes, items, recommendations and similar users.</summary>
[Needs(Need.Process)]
public sealed class DoorExampleTests : IDisposable
{
    private readonly TestService _service = new();

    [Fact]
    public async Task CSharpExamplesRun()
    {
        var profiles = new ProfileServiceClient(_service.Client);
        await Examples.SendEventsAsync(profiles, TimeProvider.System);
        var (put, batch) = await Examples.PutAttributesAsync(profiles);
        Assert.Equal((3, 1), (put.Attributes.Count, batch.Accepted));
        Assert.Equal(2_500, (await Examples.PutItemsAsync(profiles)).Accepted);
        var (items, next) = await Examples.RecommendAsync(profiles);
        Assert.NotEmpty(items!.Items);
        Assert.NotEmpty(next!.Kinds!);
        Assert.Equal(["ben"], (await Examples.FindSimilarAsync(profiles))!.Users.Select(u => u.UserId));
    }

    [Theory]
    [InlineData("Attributes", "1 accepted")]
    [InlineData("Items", "2500 accepted []")]
    [InlineData("Recommendations", " %\n")]
    public async Task PythonExampleRuns(string section, string printed) =>
        Assert.Contains(printed, await ExampleDocument.Clients.RunAsync(section, "python", _service.Client.BaseAddress!), StringComparison.Ordinal);

    [Theory]
    [InlineData("Attributes", "\"region\":\"north\"")]
    [InlineData("Items", "\"title\":\"Yoga mat\"")]
    [InlineData("Recommendations", "\"items\":[{\"itemId\":\"")]
    public async Task CurlExampleRuns(string section, string printed) =>
        Assert.Contains(printed, await ExampleDocument.Clients.RunAsync(section, "bash", _service.Client.BaseAddress!), StringComparison.Ordinal);

    [Theory]
    [InlineData("python")]
    [InlineData("bash")]
    public async Task SimilarUsersAreFound(string language)
    {
        Assert.Contains("ben", await ExampleDocument.Clients.RunAsync("Similar users", language, _service.Client.BaseAddress!), StringComparison.Ordinal);
    }

    public void Dispose() => _service.Dispose();
}
