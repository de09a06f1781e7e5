using System.Text.Json;
using ProfileService.Platform;

namespace ProfileService.Intake;

/// <summary>Reads an object with one field, <c>userId</c>.</summary>
internal static class UserIdObject
{
    private const string Field = "userId";

    /// <summary>The id; null and a problem if the object breaks a rule.</summary>
    /// <param name="owner">What the object is called in a message, such as "an export".</param>
    public static string? Read(JsonElement value, string owner, out EntryProblem? problem)
    {
        problem = JsonObject.ProblemOfNames(value, owner, [Field]) ?? ProblemOf(JsonObject.Find(value, Field));
        return problem is null ? value.GetProperty(Field).GetString() : null;
    }

    private static EntryProblem? ProblemOf(JsonElement? id) =>
        id is not { } given ? Problem("missing_field", $"{JsonNames.Required(Field)} It is a string.")
        : given.ValueKind != JsonValueKind.String
            ? Problem("wrong_type", $"{Field} must be a string, not {JsonNames.Of(given.ValueKind)}.")
        : EntityId.ProblemOf(Field, given.GetString()!) is var (code, detail) ? Problem(code, detail)
        : null;

    private static EntryProblem Problem(string code, string detail) => new(0, code, Field, detail);
}
