using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Events;

namespace ProfileService.Items;

/// <summary>One JSON object to one item, every bound checked. A bad item is a value, not an exception.</summary>
internal sealed class ItemParser(IOptions<ItemOptions> options)
{
    public const int MaxCategories = 8;
    public const int MaxLabels = 64;
    public const int MaxTitleLength = 256;

    /// <summary>
    /// Reads the value that <paramref name="json"/> stands on and leaves it on the value's last token.
    /// Returns the item, or null and why; <see cref="EventProblem.Index"/> is <paramref name="index"/>.
    /// </summary>
    /// <param name="named">The item's id where the address names it; null where the body must.</param>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public CatalogueItem? Parse(ref Utf8JsonReader json, long index, string? named, out EventProblem? problem)
    {
        var ahead = json;
        var (start, deepest) = (json.CurrentDepth, json.CurrentDepth);
        EventParser.SkipTo(start, ref ahead, ref deepest);
        if (deepest - start > EventParser.MaxDepth) // a document of it would take time by the square of its depth
        {
            json = ahead;
            problem = new EventProblem(index, "too_deep", null, $"An item may be nested at most {EventParser.MaxDepth} deep.");
            return null;
        }

        using var value = JsonDocument.ParseValue(ref json);
        var item = Parse(value.RootElement, named, out problem);
        problem = problem is null ? null : problem with { Index = index };
        return problem is null ? item : null;
    }

    private CatalogueItem? Parse(JsonElement value, string? named, out EventProblem? problem)
    {
        problem = new EventProblem(0, "wrong_type", null, "An item is a JSON object.");
        if (value.ValueKind != JsonValueKind.Object)
            return null;
        try
        {
            var fields = new ItemFields(value);
            var item = new CatalogueItem(
                fields.Id(named), fields.Texts("categories", MaxCategories), fields.Price(), fields.Title(MaxTitleLength),
                fields.Texts("labels", MaxLabels), fields.Content(options.Value.ContentDimension));
            problem = fields.Problem;
            return item;
        }
        catch (InvalidOperationException) // a JSON string's word for half a surrogate pair or broken UTF-8
        {
            problem = new EventProblem(0, "invalid_text", null, "A text of the item is not valid Unicode: half a surrogate pair, or broken UTF-8.");
            return null;
        }
    }
}
