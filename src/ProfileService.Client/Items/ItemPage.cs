namespace ProfileService.Client;

/// <summary>A page of the catalogue.</summary>
/// <param name="Items">In the order of the UTF-8 bytes of their ids; there may be fewer than asked for, or none.</param>
/// <param name="Next">The item after which the next page begins; null on the last one.</param>
public sealed record ItemPage(IReadOnlyList<CatalogueItem> Items, string? Next = null);
