using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Items;

/// <summary>Reads and checks the fields of one posted item, and keeps the first problem.</summary>
internal sealed class ItemFields(JsonElement item) : JsonFields(item)
{
    /// <summary>The id in the body; if it is left out, the one in the path. If both are given, they must be equal.</summary>
    /// <param name="named">The id in the path; null if there is none.</param>
    public string Id(string? named)
    {
        var given = Find("itemId") is { } value ? Text("itemId", value, EntityId.ProblemOf) : named;
        if (given is null)
            Refuse<string>(ErrorCodes.MissingField, "itemId", "is required.");
        else if (named is not null && given != named && Problem is null)
            Refuse<string>("wrong_item", "itemId", "must be the one of the address; it may be left out.");
        return given ?? "";
    }

    public string? Title(int most)
    {
        if (Find("title") is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.String)
            return Refuse<string?>(ErrorCodes.WrongType, "title", $"must be a string, not {JsonNames.Of(value.ValueKind)}.");
        var title = value.GetString()!;
        if (title.Length > most)
            return Refuse<string?>(ErrorCodes.TextTooLong, "title", $"may have at most {most} characters.");
        return ValueRules.HasNull(title)
            ? Refuse<string?>(ErrorCodes.ControlCharacter, "title", ValueRules.MustHaveNoNull)
            : title;
    }

    /// <param name="dimension">Items:ContentDimension.</param>
    public float[]? Content(int dimension)
    {
        if (Find("content") is not { } values)
            return null;
        if (dimension == 0)
        {
            return Refuse<float[]>(
                "content_not_taken",
                "content",
                "is not taken here: Items:ContentDimension is 0. Set it to the length of the vectors, or leave content out.");
        }

        if (values.ValueKind != JsonValueKind.Array)
            return Refuse<float[]>(ErrorCodes.WrongType, "content", $"must be an array of numbers, not {JsonNames.Of(values.ValueKind)}.");
        if (values.GetArrayLength() != dimension)
        {
            return Refuse<float[]>(
                "wrong_content_length",
                "content",
                $"must have {dimension} numbers (Items:ContentDimension), not {values.GetArrayLength()}.");
        }

        var content = new float[dimension];
        foreach (var (i, value) in values.EnumerateArray().Index())
        {
            if (value.ValueKind != JsonValueKind.Number)
                return RefuseNumber(ErrorCodes.WrongType, i, $"must be a number, not {JsonNames.Of(value.ValueKind)}.");
            if (!value.TryGetSingle(out content[i]) || !ItemContent.IsNumber(content[i]))
                return RefuseNumber("content_too_large", i, "must be a number of -1e9 to 1e9.");
        }

        return content;
    }

    private float[]? RefuseNumber(string code, int index, string rule) => Refuse<float[]>(code, $"content[{index}]", rule);
}
