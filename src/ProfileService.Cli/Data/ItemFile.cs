using System.CommandLine;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Cli.CommandLine;
using ProfileService.Items;
using ProfileService.Model;
using ProfileService.Windows;

namespace ProfileService.Cli.Data;

/// <summary>Reads items as <c>POST /v1/items</c> takes them, one a line.</summary>
internal static class ItemFile
{
    /// <summary>The <c>--items FILE</c> option of every command that computes vectors.</summary>
    public static Option<string?> Option() => new("--items")
    {
        Description = "Items as POST /v1/items takes them, NDJSON: categories of events without any, and content.",
    };

    /// <summary>
    /// Reads the items for a package whose vectors are to be computed; none without a path. Content is left out if the package takes none.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// A line is invalid, which the message names; or no item has the content that is taken.
    /// </exception>
    public static ItemCatalogue Read(string? path, ActiveModel model)
    {
        var (id, taken) = (model.Manifest.Id, model.Encoder.ContentDimension);
        List<CatalogueItem> items = path is null ? [] : [.. ReadLines(path, taken)];
        var hasContent = items.Any(item => item.Content is not null);
        if (taken > 0 && !hasContent)
            throw new InvalidDataException($"{id} takes content of {taken:N0} numbers: give --items, a file that has it");
        if (taken == 0 && hasContent)
            Terminal.Warn($"{id} takes no content: that of --items is ignored.");
        var catalogue = new ItemCatalogue();
        foreach (var item in items)
            catalogue.Keep(taken > 0 ? item : item with { Content = null });
        return catalogue;
    }

    /// <summary>The history, in which an event without categories has its item's.</summary>
    public static Window WithCategoriesOf(this Window history, ItemCatalogue items)
    {
        return items.Count == 0 ? history : new Window(history.UserId, [.. history.Events.Select(WithCategories)]);

        WindowEvent WithCategories(WindowEvent e) =>
            e.Categories is { Count: > 0 } ? e : e with { Categories = items.Find(e.ItemId)?.Categories };
    }

    /// <param name="taken">Numbers of a content vector; 0 for as many as each line has.</param>
    private static IEnumerable<CatalogueItem> ReadLines(string path, int taken)
    {
        foreach (var (number, line) in EventFile.Open(EventFile.Ndjson, path).Lines)
            yield return Parse(line, taken, out var problem) ?? throw new InvalidDataException($"{path} line {number}: {problem}");
    }

    private static CatalogueItem? Parse(string line, int taken, out string problem)
    {
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
            var parser = new ItemParser(Options.Create(new ItemOptions { ContentDimension = taken > 0 ? taken : NumbersIn(line) }));
            var item = json.Read() ? parser.Parse(ref json, 0, named: null, out var found) : throw new JsonException("it is empty.");
            problem = found?.Detail ?? "";
            return item;
        }
        catch (JsonException e)
        {
            problem = $"it is not JSON: {e.Message}";
            return null;
        }
    }

    private static int NumbersIn(string line) =>
        JsonElement.Parse(line) is { ValueKind: JsonValueKind.Object } item
        && item.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
            ? content.GetArrayLength()
            : 0;
}
