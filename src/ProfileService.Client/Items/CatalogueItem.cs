namespace ProfileService.Client;

/// <summary>What an item is, as its owner says.</summary>
public sealed record CatalogueItem : IListedItem
{
    /// <summary>As events name it. 1 to 128 characters, no control characters, not <c>.</c> or <c>..</c>.</summary>
    public required string ItemId { get; init; }

    /// <summary>The most specific first: up to 8, each of 1 to 128 characters. They count for events that name no categories.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Finite, in the unit of the events' values.</summary>
    public double? Price { get; init; }

    /// <summary>For people, up to 256 characters.</summary>
    public string? Title { get; init; }

    /// <summary>Your own words: up to 64, each of 1 to 128 characters.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// An embedding of the item's image, text or sound, made elsewhere: as many finite numbers as the service's
    /// <c>Items:ContentDimension</c>.
    /// </summary>
    public float[]? Content { get; init; }

    /// <summary>Whether the item may be recommended; null counts as true.</summary>
    public bool? Available { get; init; }

    /// <summary>When the item stops being available; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
