using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Lookup;

/// <summary>What the user looks at now, and what no event says yet.</summary>
/// <param name="ItemIds">
/// Items before the user's eyes, the one looked at last at the end. The profile is computed as if the user had viewed them in this order
/// now; they are not recommended, and nothing is stored.
/// </param>
internal sealed record RecommendationContext([Id, Length(1, RecommendationContext.MaxItems)] IReadOnlyList<string> ItemIds)
{
    public const string Field = "context";

    public const int MaxItems = 20;

    private const string Owner = "a context";
    private const string ItemsField = "itemIds";

    /// <returns>Null if there is none, or if it is refused; then the fields hold the problem, or <paramref name="problem"/> does.</returns>
    public static RecommendationContext? Read(JsonFields fields, string path, out EntryProblem? problem)
    {
        problem = null;
        if (fields.Find(Field) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            return fields.Refuse<RecommendationContext>(ErrorCodes.WrongType, Field,
                $"must be an object, not {JsonNames.Of(value.ValueKind)}.");
        path = $"{path}{Field}.";
        problem = JsonObjectReader.ProblemOfNames(value, Owner, [ItemsField], path);
        if (problem is not null)
            return null;
        var own = new JsonFields(value, path);
        var ids = own.Ids(ItemsField, "items", MaxItems);
        if (ids is null or [])
            own.Refuse<string>(ids is null ? ErrorCodes.MissingField : ErrorCodes.InvalidLength, ItemsField,
                "must name at least one item.");
        problem = own.Problem;
        return problem is null ? new RecommendationContext(ids!) : null;
    }
}
