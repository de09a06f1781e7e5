using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Intake;

namespace ProfileService.Items;

/// <summary>One JSON object to one item, every bound checked. A bad item is a value, not an exception.</summary>
internal sealed class ItemParser(IOptions<ItemOptions> options)
{
    public const int MaxCategories = 8;
    public const int MaxLabels = 64;
    public const int MaxTitleLength = 256;

    private const string Owner = "an item";

    private static readonly string[] FieldNames = ["itemId", "categories", "price", "title", "labels", "content"];

    /// <summary>
    /// Reads the value that <paramref name="json"/> stands on and leaves it on the value's last token.
    /// Returns the item, or null and why; <see cref="EntryProblem.Index"/> is <paramref name="index"/>.
    /// </summary>
    /// <param name="named">The item's id where the address names it; null where the body must.</param>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public CatalogueItem? Parse(ref Utf8JsonReader json, long index, string? named, out EntryProblem? problem) =>
        JsonObject.Read(ref json, index, Owner, (JsonElement value, out EntryProblem? wrong) => Read(value, named, out wrong), out problem);

    private CatalogueItem? Read(JsonElement value, string? named, out EntryProblem? problem)
    {
        problem = JsonObject.ProblemOfNames(value, Owner, FieldNames);
        if (problem is not null)
            return null;
        var fields = new ItemFields(value);
        var item = new CatalogueItem(
            fields.Id(named), fields.Texts("categories", MaxCategories), fields.Price(), fields.Title(MaxTitleLength),
            fields.Texts("labels", MaxLabels), fields.Content(options.Value.ContentDimension));
        problem = fields.Problem;
        return item;
    }
}
