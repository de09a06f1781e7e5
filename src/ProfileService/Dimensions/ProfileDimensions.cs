using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProfileService.Dimensions;

/// <summary>
/// What a profile says in words and numbers, computed with its vector from the same events. A part without data is left out.
/// </summary>
/// <param name="Interests">Categories, the greatest share first.</param>
/// <param name="Activity">How much, how often and when the user acts.</param>
/// <param name="Intent">What the user's last session was about.</param>
/// <param name="PriceLevel">The prices that the user looks at and pays.</param>
/// <param name="Sentiment">The tone of the user's texts.</param>
/// <param name="Attributes">The user's attributes as they were put.</param>
internal sealed record ProfileDimensions(
    [MaxLength(Interest.MaxCount)] IReadOnlyList<Interest>? Interests,
    Activity? Activity,
    Intent? Intent,
    PriceLevel? PriceLevel,
    TextSentiment? Sentiment,
    IReadOnlyDictionary<string, JsonElement>? Attributes)
{
    /// <param name="events">The window's events, oldest first.</param>
    /// <param name="computedAt">UTC.</param>
    public static ProfileDimensions Of(
        ReadOnlySpan<DimensionEvent> events, IReadOnlyDictionary<string, JsonElement>? attributes, DateTime computedAt) => new(
        Interest.Of(events),
        Activity.Of(events, computedAt),
        Intent.Of(events),
        PriceLevel.Of(events),
        TextSentiment.Of(events),
        attributes is { Count: > 0 } ? attributes : null);

    public static ProfileDimensions? FromJson(string? json) =>
        json is null ? null : JsonSerializer.Deserialize(json, DimensionsJson.Default.ProfileDimensions);

    public string ToJson() => JsonSerializer.Serialize(this, DimensionsJson.Default.ProfileDimensions);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProfileDimensions))]
internal sealed partial class DimensionsJson : JsonSerializerContext;
