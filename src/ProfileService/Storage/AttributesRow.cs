using System.Text.Json;
using ProfileService.Model;

namespace ProfileService.Storage;

/// <summary>A row of the table <c>attributes</c>: what is known of a user beside the events.</summary>
internal sealed class AttributesRow
{
    public required string UserId { get; init; }

    /// <summary>A JSON object of names and their values: strings, numbers and booleans, as the endpoint accepted them.</summary>
    public required string Values { get; init; }

    public required DateTime UpdatedAt { get; init; }

    /// <summary>The same attributes, of this user.</summary>
    public AttributesRow WithUserId(string userId) =>
        userId == UserId ? this : new AttributesRow { UserId = userId, Values = Values, UpdatedAt = UpdatedAt };

    /// <summary>The attributes as they were put.</summary>
    public Dictionary<string, JsonElement> ToValues() => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Values)!;

    /// <summary>The attributes as a model reads them.</summary>
    public Dictionary<string, string> ToTexts() => ToValues().ToDictionary(v => v.Key, v => AttributeText.Of(v.Value));
}
