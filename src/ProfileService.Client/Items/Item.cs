namespace ProfileService.Client;

/// <summary>What an item is, as its owner says.</summary>
public sealed record Item
{
    /// <summary>As events name it; 1 to 128 characters.</summary>
    public required string ItemId { get; init; }

    /// <summary>Up to 8, the most specific first; they stand in for those of an event that has none.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Finite, in the unit of the events' values.</summary>
    public double? Price { get; init; }

    /// <summary>For people.</summary>
    public string? Title { get; init; }

    /// <summary>Words of the owner's own.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>An embedding of the item's image, text or sound, made elsewhere, of the one size that the service is set to; finite.</summary>
    public float[]? Content { get; init; }
}

/// <summary>An item without its id, which stands in the address.</summary>
internal sealed record ItemBody(IReadOnlyList<string>? Categories, double? Price, string? Title, IReadOnlyList<string>? Labels, float[]? Content)
{
    public static ItemBody Of(Item item) => new(item.Categories, item.Price, item.Title, item.Labels, item.Content);
}
