namespace ProfileService.Items;

/// <summary>A JSON Merge Patch of an item (RFC 7396): the fields that it has replace the stored ones, and null removes one.</summary>
/// <param name="Given">The new values. A field that the patch sets to null has its default.</param>
/// <param name="Fields">Names of the fields that the patch has.</param>
internal sealed record ItemChange(CatalogueItem Given, IReadOnlySet<string> Fields)
{
    public CatalogueItem ApplyTo(CatalogueItem stored) => stored with
    {
        Categories = Of("categories", Given.Categories, stored.Categories),
        Price = Of("price", Given.Price, stored.Price),
        Title = Of("title", Given.Title, stored.Title),
        Labels = Of("labels", Given.Labels, stored.Labels),
        Content = Of("content", Given.Content, stored.Content),
        Available = Of("available", Given.Available, stored.Available),
        ExpiresAt = Of("expiresAt", Given.ExpiresAt, stored.ExpiresAt),
    };

    private T Of<T>(string field, T given, T stored) => Fields.Contains(field) ? given : stored;
}
