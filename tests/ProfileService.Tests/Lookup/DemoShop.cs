using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ProfileService.Items;
using ProfileService.Refresh;

namespace ProfileService.Tests.Lookup;

/// <summary>A service with the tiny package, which was trained on the demo shop, and with the events of some of the shop's users and its catalogue.</summary>
public sealed class DemoShop : IAsyncLifetime
{
    public const int Users = 60;

    private static readonly HashSet<string> Chosen = [.. Enumerable.Range(1, Users).Select(u => $"u{u:D4}")];

    private readonly (string Key, string Value)[] _settings;

    public DemoShop()
        : this([])
    {
    }

    internal DemoShop(params (string Key, string Value)[] settings) => _settings = settings;

    public TestService Service { get; private set; } = null!;

    /// <summary>First category by item.</summary>
    public IReadOnlyDictionary<string, string> Categories { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var events = (await File.ReadAllLinesAsync(Repository.Path("demo/events.ndjson"))).Select(line => (Line: line, Event: JsonElement.Parse(line))).ToList();
        Categories = events.Where(e => e.Event.TryGetProperty("categories", out _)).DistinctBy(e => Text(e.Event, "itemId")).ToDictionary(
            e => Text(e.Event, "itemId"), e => e.Event.GetProperty("categories")[0].GetString()!);
        Service = TestService.WithoutWorker(_settings);
        var catalogue = Service.Services.GetRequiredService<ItemCatalogue>();
        foreach (var (item, category) in Categories)
            catalogue.Keep(new CatalogueItem(item, [category], 9.5, $"The {item}", []));

        var posted = events.Where(e => Chosen.Contains(Text(e.Event, "userId"))).Select(e => e.Line);
        Assert.Equal(202, (await Service.PostAsync("/v1/events", string.Join('\n', posted), "application/x-ndjson")).Status);
        var refresher = Service.Services.GetRequiredService<ProfileRefresher>();
        while (await refresher.RefreshDueAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    public ValueTask DisposeAsync()
    {
        Service?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Text(JsonElement e, string property) => e.GetProperty(property).GetString()!;
}
