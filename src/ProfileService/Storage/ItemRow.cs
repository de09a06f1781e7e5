namespace ProfileService.Storage;

/// <summary>One item as it is stored.</summary>
internal sealed class ItemRow
{
    public required string ItemId { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Categories { get; init; }

    public double? Price { get; init; }

    public string? Title { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Labels { get; init; }

    /// <summary>float32, little-endian.</summary>
    public byte[]? Content { get; init; }

    public required DateTime UpdatedAt { get; init; }

    /// <summary>
    /// Rises with each change of any item, in the order in which changes become visible: a reader that is past a revision has missed none before it.
    /// The database computes it.
    /// </summary>
    public long Revision { get; init; }
}
