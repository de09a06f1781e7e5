using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ProfileService.Items;

namespace ProfileService.Cli.Data;

/// <summary>Reads items as <c>POST /v1/items</c> takes them, one a line.</summary>
internal static class ItemFile
{
    /// <summary>No items without a path.</summary>
    /// <param name="contentDimension">Numbers of a content vector that the model takes; 0 for none.</param>
    /// <exception cref="InvalidDataException">A line is invalid; the message names it.</exception>
    public static ItemCatalogue Read(string? path, int contentDimension)
    {
        var catalogue = new ItemCatalogue();
        var parser = new ItemParser(Options.Create(new ItemOptions { ContentDimension = contentDimension }));
        if (path is null)
            return catalogue;
        foreach (var (number, line) in EventFile.Open(EventFile.Ndjson, path).Lines)
            catalogue.Keep(Parse(parser, line, out var problem) ?? throw new InvalidDataException($"{path} line {number}: {problem}"));
        return catalogue;
    }

    private static CatalogueItem? Parse(ItemParser parser, string line, out string problem)
    {
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
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
}
