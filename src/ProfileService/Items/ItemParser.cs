using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>Parses a JSON object into an item and checks every limit. A bad item is returned as a problem, not thrown.</summary>
internal sealed class ItemParser(IOptions<ItemOptions> options)
{
    public const int MaxCategories = 8;
    public const int MaxLabels = 64;
    public const int MaxTitleLength = 256;

    private const string Owner = "an item";

    private static readonly string[] FieldNames = ["itemId", "categories", "price", "title", "labels", "content", "available", "expiresAt"];

    /// <summary>
    /// Reads the value at the reader's position and advances to the value's last token. Returns the item, or null and a problem whose
    /// <see cref="EntryProblem.Index"/> is <paramref name="index"/>.
    /// </summary>
    /// <param name="named">The item's id in the path; null if the body must have it.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public CatalogueItem? Parse(ref Utf8JsonReader json, long index, string? named, out EntryProblem? problem) =>
        JsonObjectReader.Read(ref json, index, Owner,
            (JsonElement value, out EntryProblem? wrong) => Read(value, named, out wrong), out problem);

    /// <summary>As <see cref="Parse"/>, for a patch of the item in the path.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public ItemChange? ParseChange(ref Utf8JsonReader json, long index, string named, out EntryProblem? problem) =>
        JsonObjectReader.Read(
            ref json, index, Owner, (JsonElement value, out EntryProblem? wrong) => ReadChange(value, named, out wrong), out problem);

    private ItemChange? ReadChange(JsonElement value, string named, out EntryProblem? problem)
    {
        var given = Read(value, named, out problem);
        if (value.TryGetProperty("itemId", out var id) && id.ValueKind == JsonValueKind.Null)
            problem ??= new EntryProblem(0, ErrorCodes.MissingField, "itemId", "itemId cannot be removed; it may be left out.");
        return given is null ? null : new ItemChange(given, value.EnumerateObject().Select(field => field.Name).ToHashSet());
    }

    private CatalogueItem? Read(JsonElement value, string? named, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(value, Owner, FieldNames);
        if (problem is not null)
            return null;
        var fields = new ItemFields(value);
        var item = new CatalogueItem(
            fields.Id(named), fields.Names("categories", "categories", MaxCategories) ?? [], fields.Number("price"),
            fields.Title(MaxTitleLength), fields.Names("labels", "labels", MaxLabels) ?? [],
            fields.Content(options.Value.ContentDimension), fields.Flag("available") ?? true, fields.Time("expiresAt"));
        problem = fields.Problem;
        return item;
    }
}
