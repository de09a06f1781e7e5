using System.Text.Json;
using ProfileService.Client;

namespace Shop;

/// <summary>What the shop sells. It is the owner of this; ProfileService is told.</summary>
internal sealed class Catalogue(IReadOnlyList<CatalogueItem> items)
{
    private const int MostFound = 200;

    private readonly Dictionary<string, CatalogueItem> _items = items.ToDictionary(item => item.ItemId);

    public IReadOnlyList<CatalogueItem> Items => items;

    /// <summary>Reads items, one as JSON a line.</summary>
    public static Catalogue Read(string file) =>
        new([.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<CatalogueItem>(line, JsonSerializerOptions.Web)!)]);

    public CatalogueItem? Find(string itemId) => _items.GetValueOrDefault(itemId);

    /// <summary>Items with all these words in their title or categories, in the order of the catalogue.</summary>
    public IReadOnlyList<CatalogueItem> Search(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words is [] ? [] : [.. items.Where(item => words.All(word => Has(item, word))).Take(MostFound)];
    }

    private static bool Has(CatalogueItem item, string word) =>
        $"{item.Title} {string.Join(' ', item.Categories ?? [])}".Contains(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Tells ProfileService the catalogue when the shop starts, so that filters and events without categories know the items.</summary>
internal sealed partial class CatalogueUpload(ProfileServiceClient profiles, Catalogue catalogue, ILogger<CatalogueUpload> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var stored = await profiles.PutItemsAsync(catalogue.Items, stoppingToken);
            LogStored(stored.Accepted, stored.Rejected);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or ProfileServiceException)
        {
            LogFailed(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "ProfileService has {Accepted} items of the catalogue, and refused {Rejected}")]
    private partial void LogStored(long accepted, long rejected);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ProfileService was not told the catalogue; start the shop again when it runs: {Reason}")]
    private partial void LogFailed(string reason);
}
