using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Reads an object with one field, a user's id.</summary>
internal static class UserIdObject
{
    private const string UserId = "userId";

    /// <summary>The id; null and a problem if the object breaks a rule.</summary>
    /// <param name="owner">What the object is called in a message, such as "an export".</param>
    public static string? Read(JsonElement value, string owner, out EntryProblem? problem) => Read(value, UserId, owner, out problem);

    /// <summary>As the other one, for a field of another name.</summary>
    public static string? Read(JsonElement value, string field, string owner, out EntryProblem? problem)
    {
        problem = JsonObjectReader.ProblemOfNames(value, owner, [field]) ?? ProblemOf(field, JsonObjectReader.Find(value, field));
        return problem is null ? value.GetProperty(field).GetString() : null;
    }

    private static EntryProblem? ProblemOf(string field, JsonElement? id) =>
        id is not { } given ? new(0, ErrorCodes.MissingField, field, $"{JsonNames.Required(field)} It is a string.")
        : given.ValueKind != JsonValueKind.String
            ? new(0, ErrorCodes.WrongType, field, $"{field} must be a string, not {JsonNames.Of(given.ValueKind)}.")
        : EntityId.ProblemOf(field, given.GetString()!) is var (code, detail) ? new(0, code, field, detail)
        : null;
}
