using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;
using ProfileService.Storage;

namespace ProfileService.Attributes;

/// <summary>Parses a JSON object into a user's attributes and checks every limit. A problem is returned, not thrown.</summary>
internal sealed class AttributeParser(TimeProvider time)
{
    public const int MaxAttributes = 64;
    public const int MaxNameLength = 64;
    public const int MaxTextLength = 256;

    private const string Owner = "a user";

    private static readonly string[] FieldNames = ["userId", "attributes"];

    /// <summary>Reads an object with userId and attributes; a problem's index is <paramref name="index"/>.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public AttributesRow? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObjectReader.Read<AttributesRow>(ref json, index, Owner, ReadUser, out problem);

    /// <summary>Reads an object whose members are the attributes of a user.</summary>
    /// <param name="userId">The user, named by the path.</param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public AttributesRow? Parse(ref Utf8JsonReader json, string userId, out EntryProblem? problem) =>
        JsonObjectReader.Read(
            ref json,
            0,
            "a set of attributes",
            (JsonElement value, out EntryProblem? wrong) => ReadAttributes(userId, value, out wrong),
            out problem,
            "attributes");

    private AttributesRow? ReadUser(JsonElement value, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(value, Owner, FieldNames);
        if (problem is not null)
            return null;
        var (id, attributes) = (JsonObjectReader.Find(value, "userId"), JsonObjectReader.Find(value, "attributes"));
        string[] missing = [.. FieldNames.Where(name => JsonObjectReader.Find(value, name) is null)];
        problem = missing.Length > 0 ? new EntryProblem(0, ErrorCodes.MissingField, missing[0], JsonNames.Required(missing))
            : WrongType("userId", id!.Value, JsonValueKind.String) ?? WrongType("attributes", attributes!.Value, JsonValueKind.Object);
        if (problem is null && EntityId.ProblemOf("userId", id!.Value.GetString()!) is var (code, detail))
            problem = new EntryProblem(0, code, "userId", detail);
        return problem is null ? ReadAttributes(id!.Value.GetString()!, attributes!.Value, out problem) : null;
    }

    private AttributesRow? ReadAttributes(string userId, JsonElement attributes, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(attributes, Owner, known: null, "attributes.");
        if (problem is not null)
            return null;
        var values = new Dictionary<string, object>();
        foreach (var attribute in attributes.EnumerateObject())
        {
            if (Read(attribute, values) is var (code, detail))
            {
                problem = new EntryProblem(0, code, $"attributes.{ShortText.Of(attribute.Name)}", detail);
                return null;
            }
        }

        return new AttributesRow { UserId = userId, Values = JsonSerializer.Serialize(values), UpdatedAt = time.GetUtcNow().UtcDateTime };
    }

    private static (string Code, string Detail)? Read(JsonProperty attribute, Dictionary<string, object> values)
    {
        var name = ShortText.Of(attribute.Name);
        if (attribute.Name.Length is 0 or > MaxNameLength || EntityId.HasControl(attribute.Name))
            return ("invalid_name", $"An attribute's name has 1 to {MaxNameLength} characters and no control characters.");
        var value = attribute.Value;
        switch (value.ValueKind)
        {
            case JsonValueKind.Null: // the same as leaving the name out
                return null;
            case JsonValueKind.True or JsonValueKind.False:
                values[attribute.Name] = value.GetBoolean();
                break;
            case JsonValueKind.Number:
                if (!value.TryGetDouble(out var number) || !double.IsFinite(number))
                    return (ValueRules.NotFinite, $"{name} {ValueRules.MustBeFinite}");
                if (!ValueRules.IsExact(value, number))
                    return (ValueRules.NotExact, $"{name} {ValueRules.MustBeExact}");
                values[attribute.Name] = number;
                break;
            case JsonValueKind.String:
                var text = value.GetString()!;
                if (text.Length > MaxTextLength)
                    return (ErrorCodes.TextTooLong, $"{name} may have at most {MaxTextLength} characters.");
                if (ValueRules.HasNull(text))
                    return (ErrorCodes.ControlCharacter, $"{name} {ValueRules.MustHaveNoNull}");
                values[attribute.Name] = text;
                break;
            default:
                return (ErrorCodes.WrongType, $"{name} must be a string, a number, true or false, not {JsonNames.Of(value.ValueKind)}.");
        }

        return values.Count > MaxAttributes ? ("too_many_attributes", $"A user may have at most {MaxAttributes} attributes.") : null;
    }

    private static EntryProblem? WrongType(string field, JsonElement value, JsonValueKind expected) => value.ValueKind == expected
        ? null
        : new EntryProblem(0, ErrorCodes.WrongType, field,
            $"{field} must be {JsonNames.Of(expected)}, not {JsonNames.Of(value.ValueKind)}.");
}
