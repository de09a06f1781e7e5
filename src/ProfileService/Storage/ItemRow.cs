namespace ProfileService.Storage;

/// <summary>A row of the table <c>items</c>.</summary>
internal sealed class ItemRow
{
    public required string ItemId { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Categories { get; init; }

    public double? Price { get; init; }

    public string? Title { get; init; }

    /// <summary>JSON array of strings.</summary>
    public required string Labels { get; init; }

    /// <summary>float32, little-endian; null if the item has no content vector.</summary>
    public byte[]? Content { get; init; }

    /// <summary>False if the item is not to be recommended.</summary>
    public bool IsAvailable { get; init; } = true;

    /// <summary>From when on the item is not to be recommended; null if that has no end.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>Whether the item was deleted. Its row stays, without what was known of it, so that every process learns of it.</summary>
    public bool IsDeleted { get; init; }

    public required DateTime UpdatedAt { get; init; }

    /// <summary>
    /// A number that the database increments with each change of any item. Changes become visible in its order, so that a reader that has
    /// read a revision has missed none before it.
    /// </summary>
    public long Revision { get; init; }
}
