using System.Text.Json;
using ProfileService.Intake;
using ProfileService.Platform;

namespace ProfileService.Privacy;

/// <summary>Parses the JSON object of an erasure.</summary>
internal static class ErasureParser
{
    public const int MaxUsers = 1_000;

    private const string Owner = "an erasure";
    private const string Field = "userIds";

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static ErasureRequest? Parse(ref Utf8JsonReader json, long index, out EntryProblem? problem) =>
        JsonObject.Read<ErasureRequest>(ref json, index, Owner, Read, out problem);

    private static ErasureRequest? Read(JsonElement value, out EntryProblem? problem)
    {
        problem = JsonObject.ProblemOfNames(value, Owner, [Field]);
        if (problem is not null)
            return null;
        if (JsonObject.Find(value, Field) is not { } ids)
            problem = new EntryProblem(0, "missing_field", Field, $"{JsonNames.Required(Field)} It is an array of strings.");
        else if (ids.ValueKind != JsonValueKind.Array)
            problem = new EntryProblem(0, "wrong_type", Field, $"{Field} must be an array of strings, not {JsonNames.Of(ids.ValueKind)}.");
        else if (ids.GetArrayLength() is 0)
            problem = new EntryProblem(0, "missing_field", Field, $"{Field} must hold at least one id.");
        else if (ids.GetArrayLength() > MaxUsers)
            problem = new EntryProblem(
                0, "too_many_users", Field, $"{Field} may hold at most {MaxUsers:N0} ids. Send more in further requests.");
        else
            problem = ids.EnumerateArray().Select(ProblemOf).FirstOrDefault(found => found is not null);
        return problem is null ? new ErasureRequest([.. value.GetProperty(Field).EnumerateArray().Select(id => id.GetString()!)]) : null;
    }

    private static EntryProblem? ProblemOf(JsonElement id, int index)
    {
        var field = $"{Field}[{index}]";
        if (id.ValueKind != JsonValueKind.String)
            return new EntryProblem(0, "wrong_type", field, $"{field} must be a string, not {JsonNames.Of(id.ValueKind)}.");
        return EntityId.ProblemOf(field, id.GetString()!) is var (code, detail) ? new EntryProblem(0, code, field, detail) : null;
    }
}
