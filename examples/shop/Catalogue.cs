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

/// <summary>
/// Tells ProfileService the catalogue when the shop starts, so that filters and events without categories know the items.
/// </summary>
internal sealed partial class CatalogueUpload(
    ProfileServiceClient profiles, Catalogue catalogue, TimeProvider time, ILogger<CatalogueUpload> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryAsync(stoppingToken))
            await Task.Delay(Pause, time, stoppingToken);
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = await profiles.PutItemsAsync(catalogue.Items, cancellationToken);
            LogStored(stored.Accepted, stored.Rejected);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or ProfileServiceException)
        {
            LogFailed(e.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "ProfileService has {Accepted} items of the catalogue, and refused {Rejected}")]
    private partial void LogStored(long accepted, long rejected);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ProfileService was not told the catalogue, which is tried again: {Reason}")]
    private partial void LogFailed(string reason);
}
