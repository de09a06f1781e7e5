using System.Text.Json;
using ProfileService.Model;

namespace ProfileService.Storage;

/// <summary>What is known of a user beside the events.</summary>
internal sealed class AttributesRow
{
    public required string UserId { get; init; }

    /// <summary>A JSON object of name → string, number or boolean, as the endpoint accepted it.</summary>
    public required string Values { get; init; }

    public required DateTime UpdatedAt { get; init; }

    /// <summary>As they were given.</summary>
    public Dictionary<string, JsonElement> ToValues() => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Values)!;

    /// <summary>As a model reads them.</summary>
    public Dictionary<string, string> ToTexts() => ToValues().ToDictionary(v => v.Key, v => AttributeText.Of(v.Value));
}
