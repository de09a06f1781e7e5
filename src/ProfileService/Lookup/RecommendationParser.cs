using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>Parses the JSON object of a request for recommendations.</summary>
internal static class RecommendationParser
{
    private const string Owner = "a request for recommendations";
    private const string FilterField = "filter";

    /// <summary>Name of a field.</summary>
    public const string ExcludeSeen = "excludeSeen";

    private static readonly string[] Fields =
        [
            "count", FilterField, ExcludeSeen, "maxPerCategory", "fallback", "diversity", RecommendationCursor.Field,
            RecommendationContext.Field,
        ];

    private static readonly string[] FilterFields =
        ["categories", "excludeCategories", "labels", "excludeLabels", "excludeItems", "minPrice", "maxPrice"];

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static RecommendationRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read(ref json, index, Owner,
            (JsonElement value, out EntryProblem? wrong) => Read(value, "", out wrong), out problem);

    /// <param name="path">Path of the object in the body, for problems, such as <c>recommend.</c>; empty for the root object.</param>
    public static RecommendationRequest? Read(JsonElement value, string path, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(value, Owner, Fields, path);
        if (problem is not null)
            return null;
        var fields = new JsonFields(value, path);
        var filter = ReadFilter(fields, path, out var badFilter);
        var context = RecommendationContext.Read(fields, path, out var badContext);
        var request = new RecommendationRequest(
            fields.WholeNumber("count", 1, QueryLimits.MaxCount) ?? QueryLimits.DefaultCount,
            filter,
            fields.Word(
                ExcludeSeen, RecommendationWords.Window, RecommendationWords.Ever, RecommendationWords.Purchased, RecommendationWords.Never)
                ?? RecommendationWords.Window,
            fields.WholeNumber("maxPerCategory", 1, QueryLimits.MaxCount),
            fields.Word("fallback", RecommendationWords.None, RecommendationWords.Popular) ?? RecommendationWords.None,
            fields.Number("diversity", 0, 1) ?? 0,
            fields.Text(RecommendationCursor.Field, RecommendationCursor.MaxLength),
            context);
        problem = fields.Problem ?? badFilter ?? badContext;
        return problem is null ? request : null;
    }

    private static ItemFilter? ReadFilter(JsonFields fields, string path, out EntryProblem? problem)
    {
        problem = null;
        if (fields.Find(FilterField) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            return fields.Refuse<ItemFilter>(ErrorCodes.WrongType, FilterField, $"must be an object, not {JsonNames.Of(value.ValueKind)}.");
        path = $"{path}{FilterField}.";
        problem = JsonObjectReader.ProblemOfNames(value, "a filter", FilterFields, path);
        return problem is null ? ReadFilter(new JsonFields(value, path), out problem) : null;
    }

    private static ItemFilter ReadFilter(JsonFields fields, out EntryProblem? problem)
    {
        var filter = new ItemFilter(
            NotEmpty(fields, "categories", "categories"),
            fields.Names("excludeCategories", "categories", ItemFilter.MaxNames),
            NotEmpty(fields, "labels", "labels"),
            fields.Names("excludeLabels", "labels", ItemFilter.MaxNames),
            fields.Ids("excludeItems", "items", ItemFilter.MaxItems),
            fields.Number("minPrice"),
            fields.Number("maxPrice"));
        if (filter.MinPrice > filter.MaxPrice)
            fields.Refuse<string>(ErrorCodes.OutOfRange, "minPrice", "must not exceed maxPrice.");
        problem = fields.Problem;
        return filter;
    }

    // Without a name no item would be kept, which is probably not intended.
    private static IReadOnlyList<string>? NotEmpty(JsonFields fields, string field, string noun) =>
        fields.Names(field, noun, ItemFilter.MaxNames) is { Count: 0 }
            ? fields.Refuse<string[]>(ErrorCodes.InvalidLength, field, "is empty. Name one, or leave it out.")
            : fields.Names(field, noun, ItemFilter.MaxNames);
}
